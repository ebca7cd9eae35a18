"""Settings: each declared once, read once when a process starts, and documented in docs/settings.md.

POOL = Setting("DATABASE_POOL_SIZE", "Connections …", whole_number(1, 200), default=10)

values = read((DATABASE_URL, POOL))
values[POOL]
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

T = TypeVar("T")
Word = TypeVar("Word", bound=str)
PREFIX = "ANCHANG_"


class _Required:
    """Stands where a default would: the setting must be given."""


REQUIRED: Final = _Required()
_DECLARED: dict[str, "Setting[Any]"] = {}


class SettingsWrong(Exception):
    """One message, in both languages, that names every setting that is missing or wrong and says what to do."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `name` without the prefix; `parse` raises ValueError with what would be right (`1 to 200`)."""

    name: str
    doc: str
    parse: Callable[[str], T]
    default: T | _Required = field(default=REQUIRED)

    def __post_init__(self) -> None:
        known = _DECLARED.setdefault(self.name, self)
        if known is not self:
            raise ValueError(f"the setting {self.name} is declared twice")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name


class Values:
    """What was read."""

    def __init__(self, by_name: Mapping[str, Any]) -> None:
        self._by_name = by_name

    def __getitem__(self, setting: Setting[T]) -> T:
        value: T = self._by_name[setting.name]
        return value

    def replaced(self, values: "Mapping[Setting[Any], Any]") -> "Values":
        """The same, with other values for some settings."""
        return Values({**self._by_name, **{setting.name: value for setting, value in values.items()}})


def declared() -> Sequence[Setting[Any]]:
    """Every setting declared by the modules imported so far, by name."""
    return sorted(_DECLARED.values(), key=lambda setting: setting.name)


def read(settings: Sequence[Setting[Any]], environ: Mapping[str, str] = os.environ) -> Values:
    """The values of `settings`; raises SettingsWrong with all that is wrong at once. An empty variable is not given."""
    by_name: dict[str, Any] = {}
    wrong: list[str] = []
    for setting in settings:
        given = environ.get(setting.variable, "").strip()
        try:
            by_name[setting.name] = _value(setting, given)
        except ValueError as error:
            wrong.extend(_complaint(setting, given, str(error)))
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return Values(by_name)


def text(value: str) -> str:
    return value


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A parser for whole numbers in a range."""

    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise ValueError(f"{least}–{most}")
        return int(value)

    return parse


def one_of(*choices: Word) -> Callable[[str], Word]:
    """A parser for one of a few words."""

    def parse(value: str) -> Word:
        for choice in choices:
            if choice == value:
                return choice
        raise ValueError(" | ".join(choices))

    return parse


def host_and_port(value: str) -> str:
    """An address to listen on."""
    host, _, port = value.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError("host:port")
    return value


def yes_or_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError("yes | no")
    return value == "yes"


def file_text(value: str) -> str:
    """The content of the file that is named."""
    try:
        return Path(value).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError("a readable text file") from error


def _value(setting: Setting[Any], given: str) -> Any:
    if given:
        return setting.parse(given)
    if isinstance(setting.default, _Required):
        raise ValueError
    return setting.default


def _complaint(setting: Setting[Any], given: str, right: str) -> Iterator[str]:
    where = "docs/settings.md"
    if not given:
        yield f"缺少设置 {setting.variable}：请设置这个环境变量后再启动（说明见 {where}）"
        yield f"{setting.variable} is not set: {setting.doc} Set this environment variable and start again ({where})"
    else:  # not the value itself: addresses hold passwords
        yield f"设置 {setting.variable} 的值不对，应为：{right}（说明见 {where}）"
        yield f"The value of {setting.variable} is not right; it must be: {right} ({where})"


DATABASE_URL = Setting(
    "DATABASE_URL",
    "Where this service's own database is: `postgresql+psycopg://user:password@host:5432/name` or "
    "`sqlite:////path/file.db`.",
    text,
)
DATABASE_POOL_SIZE = Setting(
    "DATABASE_POOL_SIZE",
    "Connections that a process keeps to its PostgreSQL; as many again may be opened for a moment.",
    whole_number(1, 200),
    10,
)
BUS_URL = Setting("BUS_URL", "Where RabbitMQ is: `amqp://user:password@host:5672/vhost`. Only workers read it.", text)
LISTEN = Setting(
    "LISTEN",
    "Where this process answers HTTP: `host:port`. A worker answers `/health` and `/metrics` there.",
    host_and_port,
    "127.0.0.1:8080",
)
WEB_PROCESSES = Setting("WEB_PROCESSES", "Processes that answer the requests of one web.", whole_number(1, 64), 1)
WEB_THREADS = Setting("WEB_THREADS", "Threads of each of them.", whole_number(1, 512), 4)
IDENTITY_PUBLIC_KEY = Setting(
    "IDENTITY_PUBLIC_KEY_FILE",
    "A PEM file with the public Ed25519 key against which services check who asks.",
    file_text,
)
IDENTITY_PRIVATE_KEY = Setting(
    "IDENTITY_PRIVATE_KEY_FILE",
    "A PEM file with the private Ed25519 key with which the gateway signs who asks. Only the gateway reads it.",
    file_text,
)
LOG_FORMAT: Setting[Literal["json", "console"]] = Setting(
    "LOG_FORMAT", "How logs are written.", one_of("json", "console"), "json"
)
LOG_LEVEL = Setting(
    "LOG_LEVEL", "The least severe log line that is written.", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"
)
POINTS = Setting(
    "POINTS", "Whether the company keeps points (积分); where not, there is no trace of them.", yes_or_no, False
)
BODY_LIMIT = Setting(
    "BODY_LIMIT",
    "The largest request body in bytes; routes for files have limits of their own.",
    whole_number(1024, 100 * 1024 * 1024),
    1024 * 1024,
)
