"""What a column can be read as, and what its title is taken to mean."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from services.customers.fields import rules as own
from services.customers.spreadsheets.rules import (
    HEADER_WITHIN,
    Cells,
    FieldNotOffered,
    FieldTwice,
    HeaderMissing,
    NameNotMapped,
)
from services.customers.spreadsheets.values import text_in


class Kind(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    DAY = "day"
    PERCENT = "percent"
    GRADE = "grade"
    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    TAGS = "tags"


@dataclass(frozen=True)
class Field:
    """Something that a column can hold. `titles` as people write them, the usual one first.

    `name` is the row's, or where it stands in the file: `company`, `demand.budget`, `details.<id>`.
    """

    name: str
    titles: tuple[str, ...]
    kind: Kind = Kind.TEXT
    longest: int = 40
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def follows_up(self) -> bool:
        """Whether it tells of a follow-up."""
        return self.name in _FOLLOWUP


_FOLLOWUP = frozenset({"followup_date", "method", "progress", "intent", "result", "deal_date"})


def _field(name: str, titles: str, kind: Kind = Kind.TEXT, longest: int = 40) -> Field:
    return Field(name, tuple(titles.split("|")), kind, longest)


FIELDS: tuple[Field, ...] = (
    _field("code", "编号|客户编号|客户编码|客户代码|code|customer code|customer no", Kind.CODE, 20),
    _field("name", "姓名|客户姓名|客户名称|客户|名字|称呼|客户名|name|full name|customer|customer name", longest=80),
    _field(
        "phone",
        "电话|手机|手机号|手机号码|电话号码|联系电话|联系方式|客户电话|客户手机|移动电话|phone|mobile|tel|telephone|"
        "phone number|mobile number|cell|cell phone|contact number",
        Kind.PHONE,
        30,
    ),
    _field("customer_type", "客户类型|客户类别|类型|类别|customer type|type"),
    _field("followup_date", "跟进日期|跟进时间|follow-up date|followup date", Kind.DAY),
    _field("method", "跟进方式|跟进方法|follow-up method|method"),
    _field("progress", "跟进进度|进度|progress", Kind.PERCENT),
    _field("intent", "客户意向|意向|购买意向|意向程度|intent"),
    _field("result", "跟进结果|结果|result"),
    _field("deal_date", "成交日期|成交时间|签约日期|deal date", Kind.DAY),
    _field(
        "salesperson",
        "业务员|销售人员|销售|销售员|置业顾问|顾问|负责人|归属人|所属业务员|跟进人|salesperson|owner|sales|"
        "account owner|sales rep",
        longest=80,
    ),
    _field("grade", "等级|客户等级|级别|客户级别|分级|grade|customer grade", Kind.GRADE),
    _field("key_account", "重点客户|是否重点|是否重点客户|大客户|key account", Kind.YES_NO),
    _field("company", "公司|公司名称|单位|单位名称|工作单位|企业名称|company|company name|organisation", longest=120),
    _field("industry", "行业|所属行业|industry"),
    _field("province", "省|省份|所在省|province|state"),
    _field("city", "市|城市|所在市|city"),
    _field("district", "区|区县|县|区域|所在区|district"),
    _field("demand.purpose", "用途|购房用途|置业目的|购买用途|purpose", longest=200),
    _field("demand.budget", "预算|购房预算|总价预算|预算范围|budget", longest=200),
    _field("demand.layout", "户型|意向户型|需求户型|layout", longest=200),
    _field("demand.area", "面积|需求面积|意向面积|area|floor area", longest=200),
    _field("demand.preference", "偏好|喜好|其他需求|需求|preference|preferences", longest=200),
    _field("demand.purchasing_power", "购买力|支付能力|purchasing power", longest=200),
    _field("tags", "标签|客户标签|标记|tag|tags|labels", Kind.TAGS),
    _field("remarks", "备注|备注说明|说明|remark|remarks|note|notes|comments", longest=2000),
)
_OWN_KINDS: Mapping[own.Kind, Kind] = {
    own.Kind.TEXT: Kind.TEXT,
    own.Kind.NUMBER: Kind.NUMBER,
    own.Kind.DATE: Kind.DAY,
    own.Kind.CHOICE: Kind.CHOICE,
    own.Kind.CHOICES: Kind.CHOICES,
    own.Kind.YES_NO: Kind.YES_NO,
}
_TYPE = next(field for field in FIELDS if field.name == "customer_type")
_BRACKETED = re.compile(r"[(\[【〔<《].*?[)\]】〕>》]")
_NO_WORD = re.compile(r"[\s*:_\-/·.、,]+")


def of_own(field: own.Field) -> Field:
    """A field of the company's own, as a column."""
    titles, kind = (field.name_zh, field.name_en), _OWN_KINDS[field.kind]
    return Field(f"details.{field.field_id}", titles, kind, own.LONGEST, field.choices, field.required)


def with_types(types: Sequence[str]) -> tuple[Field, ...]:
    """FIELDS, where the type is one of these types of customers."""
    choices = tuple(types)
    return tuple(
        replace(field, kind=Kind.CHOICE, choices=choices) if field.name == "customer_type" else field
        for field in FIELDS
    )


@dataclass(frozen=True)
class Columns:
    """What each column of a sheet is read as, by its place; None: it is passed over.

    `retired`: the places of those that were to be read as fields which are not offered any more.
    """

    titles: tuple[str, ...]
    fields: tuple[Field | None, ...]
    retired: tuple[int, ...] = ()

    @property
    def by_place(self) -> list[str | None]:
        """The names of what they are read as, by place."""
        return [field.name if field else None for field in self.fields]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of those that are to be filled in."""
        return frozenset(field.name for field in self.fields if field and field.required)

    @cached_property
    def follows_up(self) -> bool:
        """Whether the sheet tells of follow-ups."""
        return any(field.follows_up for field in self.fields if field)

    def title_of(self, name: str) -> str | None:
        """The title of the column that is read as this."""
        return next(
            (title for title, field in zip(self.titles, self.fields, strict=True) if field and field.name == name), None
        )


def guessed(titles: Sequence[str], offered: Iterable[Field]) -> Columns:
    """What the titles mean, each field once: the first column of a title has it."""
    meanings: dict[str, Field] = {}
    for field in offered:
        for title in field.titles:
            meanings.setdefault(_bare(title), field)
    taken: set[str] = set()
    fields: list[Field | None] = []
    for title in titles:
        meant = meanings.get(_bare(title))
        fields.append(meant if meant and meant.name not in taken else None)
        taken |= {meant.name} if meant else set()
    return Columns(tuple(titles), tuple(fields))


def as_asked(titles: Sequence[str], names: Sequence[str | None], offered: Iterable[Field]) -> Columns:
    """What somebody says the columns mean, by their places; raises FieldNotOffered, FieldTwice, NameNotMapped."""
    by_name: Mapping[str, Field] = {field.name: field for field in offered}
    said = [name for name in names if name]
    if not by_name.keys() >= set(said) or len(names) > len(titles):
        raise FieldNotOffered
    if len(said) > len(set(said)):
        raise FieldTwice
    if "name" not in said:
        raise NameNotMapped
    places = [*names, *[None] * (len(titles) - len(names))]
    return Columns(tuple(titles), tuple(by_name[name] if name else None for name in places))


def as_chosen(titles: Sequence[str], names: Sequence[str | None], offered: Sequence[Field]) -> Columns:
    """What the columns mean that were as asked when somebody chose; of those whose field was retired since, nothing."""
    in_use = {field.name for field in offered}
    retired = tuple(place for place, name in enumerate(names) if name and name not in in_use)
    left = [name if name in in_use else None for name in names]
    return replace(as_asked(titles, left, offered), retired=retired)


def header_of(cells: Cells, offered: Iterable[Field]) -> Columns | None:
    """The columns, if this row is the header: it names the name and something besides."""
    columns = guessed([text_in(cell) for cell in cells], offered)
    return columns if "name" in columns.names and len(columns.names) > 1 else None


def find_header(rows: Iterable[tuple[int, Cells]], offered: Sequence[Field]) -> tuple[int, Columns]:
    """The header among the first rows, with its number; else the first row with two titles, for people to say what
    they mean. Raises HeaderMissing.
    """
    likely: tuple[int, Columns] | None = None
    for number, cells in rows:
        if number > HEADER_WITHIN:
            break
        if columns := header_of(cells, offered):
            return number, columns
        if likely is None and sum(bool(text_in(cell)) for cell in cells) > 1:
            likely = number, guessed([text_in(cell) for cell in cells], offered)
    if likely is None:
        raise HeaderMissing
    return likely


def _bare(title: str) -> str:
    """A title without spaces, marks and what stands in brackets: 联系电话（必填） is 联系电话."""
    return _NO_WORD.sub("", _BRACKETED.sub("", unicodedata.normalize("NFKC", title))).casefold()
