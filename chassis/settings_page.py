"""Writes docs/settings.md from the declarations: `python -m chassis.settings_page`."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from chassis.settings import PREFIX, REQUIRED, Setting, declared

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "settings.md"
_FOLDERS = ("chassis", "services", "gateway", "deploy")
_DECLARES = re.compile(r"^[A-Z_]+(: [^=]+)? = Setting\(", re.MULTILINE)


def page() -> str:
    """The page, of every setting declared anywhere in the repository."""
    for module in _modules_that_declare():
        import_module(module)
    return _written(declared())


def _modules_that_declare() -> Iterator[str]:
    for folder in _FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if _DECLARES.search(file.read_text(encoding="utf-8")):
                yield ".".join(file.relative_to(ROOT).with_suffix("").parts)


def _written(settings: Sequence[Setting[Any]]) -> str:
    rows = [f"| `{one.variable}` | {_default(one)} | {one.doc} |" for one in settings]
    head = [
        "# Settings",
        "",
        f"Environment variables, read once when a process starts; all begin with `{PREFIX}`. One that is empty counts",
        "as not given. A process names every setting that is missing or wrong in one message and does not start.",
        "Made by `python -m chassis.settings_page`; a test compares.",
        "",
        "| variable | default | what it is |",
        "| --- | --- | --- |",
    ]
    return "\n".join([*head, *rows, ""])


def _default(setting: Setting[Any]) -> str:
    return "must be given" if setting.default is REQUIRED else f"`{setting.default}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
