"""Fields that take exactly what JSON says: no "5" for 5, no "yes" for true, no text of blanks."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import fields, validate


class Whole(fields.Integer):
    """A whole number, written as a number. For query parameters use marshmallow's Integer."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is int:
            return value
        if type(value) is float and value.is_integer():  # 5.0 is a whole number, says JSON Schema
            return int(value)
        raise self.make_error("invalid", input=value)


class Number(fields.Float):
    """A number, written as a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) not in (int, float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class YesNo(fields.Boolean):
    """true or false, written so."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if type(value) is not bool:
            raise self.make_error("invalid", input=value)
        return value


class Moment(fields.AwareDateTime):
    """An instant with its offset, loaded in UTC: of the years 1900 to 9998, which every zone and database can tell."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        instant: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= instant.year < 9999:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return instant.astimezone(UTC)


class Text(fields.String):
    """Text of at most `longest` characters with blanks around it cut off; what is then empty is refused."""

    default_error_messages = {"blank": "blank"}

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(validate=validate.Length(1, longest), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).strip()
        if not text:
            raise self.make_error("blank")
        return text
