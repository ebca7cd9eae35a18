"""One example of every fact, always the same: made from the fields' names and types."""

import datetime as dt
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID, uuid5

from chassis.events import Envelope, Fact
from chassis.events.envelope import digest_of_personal
from chassis.events.shapes import to_data

_NAMESPACE = UUID("7d6f0f2e-3b0a-5c1d-9e52-0c9f4a3e8b11")
_DAY = dt.date(2026, 3, 2)
_AT = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)

# What a field of this name holds in the examples; a field of another name gets a value of its type.
SAYS: Mapping[str, Any] = {
    "article": "一.1",
    "cause": "turn_used",
    "code": "A016",
    "credit_rule": "owner",
    "customer_type": "一般客户",
    "grade": "B",
    "intent": "有意向徘徊犹豫",
    "kind": "first_visit",
    "method": "现场跟进",
    "name": "张伟",
    "origin": "reception",
    "phone": "+8613800138000",
    "progress": 40,
    "reason": "因事调整",
    "result": "成交",
    "role": "salesperson",
    "rule": "same_phone",
    "row_key": "0f" * 32 + ":12",
    "said": "想带家人再来看一次",
    "salesperson_name": "李娜",
    "source": "reception",
    "state": "completed",
    "time_zone": "Asia/Shanghai",
    "turn": "used",
    "warnings": ["no_name"],
}
# The same for the events whose type begins with this word.
SAYS_OF: Mapping[str, Mapping[str, Any]] = {
    "amendment": {"state": "signed"},
    "branch": {"code": "BJ", "name": "滨江分公司"},
    "deal_correction": {"state": "signed"},
    "department": {"name": "销售一部"},
    "hall": {"name": "滨江售楼处"},
    "journal_conflict": {"kind": "greet", "code": "wrong_state"},
    "penalty": {"cause": "late", "article": "二.1", "state": "upheld", "month": "2026-03"},
    "points": {"kind": "deal", "reason": "gift", "source": f"deal/{uuid5(_NAMESPACE, 'deal')}"},
    "relation": {"kind": "spouse", "state": "confirmed"},
    "removal_case": {"state": "removed"},
    "team": {"name": "一组"},
}
# Subjects whose kind is not the first word of the type.
_SUBJECT_KINDS = {"customer.merged.v1": "customer_alias"}
_PLAIN: Mapping[type, Any] = {
    str: "text",
    int: 1,
    bool: True,
    float: 1.5,
    dt.date: _DAY,
    dt.datetime: _AT,
    dt.time: dt.time(9, 30),
}


def example_of(fact: type[Fact]) -> Fact:
    """The fact with every field filled."""
    filled: Fact = example(fact, {**SAYS, **SAYS_OF.get(fact.TYPE.split(".", maxsplit=1)[0], {})})
    return filled


def example(shape: type[Any], says: Mapping[str, Any] = SAYS) -> Any:
    """An instance of a dataclass with every field filled."""
    hints = typing.get_type_hints(shape)
    return shape(**{field.name: _value(field.name, hints[field.name], says) for field in fields(shape)})


def envelope_of(source: str, fact: Fact, sequence: int = 1) -> Envelope:
    """The fact as it travels; its ids, times and salt are always the same."""
    data = to_data(fact)
    personal = data.get("personal")
    if personal is not None:
        personal["salt"] = "5a" * 16
    return Envelope(
        id=id_of(f"{fact.TYPE} {sequence}"),
        source=source,
        type=fact.TYPE,
        subject=subject_of(fact.TYPE, data),
        sequence=sequence,
        time=_AT,
        branch=data.get("branch_id"),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        data=data,
        personal_digest=None if personal is None else digest_of_personal(personal),
    )


def subject_of(event_type: str, data: Mapping[str, Any]) -> str:
    """What the event is about: the kind, and the first field's value, which names it."""
    kind = _SUBJECT_KINDS.get(event_type, event_type.split(".", maxsplit=1)[0])
    return f"{kind}/{next(iter(data.values()))}"


def id_of(name: str) -> str:
    """The example's id for what this name stands for."""
    return str(uuid5(_NAMESPACE, name))


def _value(name: str, hint: Any, says: Mapping[str, Any]) -> Any:
    kinds = [kind for kind in _alternatives(hint) if kind is not types.NoneType]
    if is_dataclass(kinds[0]):
        return example(typing.cast(type[Any], kinds[0]), says)
    if name in says:
        return says[name]
    return _of_kind(name, kinds[0], says)


def _of_kind(name: str, kind: Any, says: Mapping[str, Any]) -> Any:
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    if typing.get_origin(kind) in {list, tuple}:
        of = typing.get_args(kind)[0]
        return typing.get_origin(kind)(_value(f"{name}.{n}", of, says) for n in (1, 2))
    if kind is str and re.search(r"(_id|^id|_by|^by|_key|^order\.\d)$", name):
        return id_of(name)
    return _PLAIN[kind]


def _alternatives(hint: Any) -> tuple[Any, ...]:
    is_union = typing.get_origin(hint) in {typing.Union, types.UnionType}
    return typing.get_args(hint) if is_union else (hint,)
