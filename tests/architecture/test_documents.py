"""What is written about the system is so."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from chassis.database import Database
from chassis.settings_page import PAGE
from chassis.texts import Texts
from chassis.web import create_app
from chassis.web.app import TEXTS
from deploy.catalogue import NAMES, facts, in_full, optional_facts, service
from tests.architecture.source import PACKAGES, ROOT, sources

_TEXT_FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("texts.toml"))]
_PROBLEM = re.compile(r"(?<!^)(?=[A-Z])")


def test_every_setting_is_documented() -> None:
    """docs/settings.md is what the declarations say; asked in a process that has none of the tests' own."""
    asked = [sys.executable, "-c", "from chassis.settings_page import page; print(page(), end='')"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert PAGE.read_text(encoding="utf-8") == said


def test_the_environment_is_read_in_one_place() -> None:
    """Nothing but chassis/settings.py, and deploy that hands it over, looks at the environment."""
    allowed = ("chassis/settings.py", "chassis/metrics.py")  # metrics: the Prometheus client's own variable
    found = [
        source.name
        for source in sources("chassis", "services", "gateway")
        if re.search(r"\bos\.(environ|getenv)\b", source.text) and not source.name.startswith(allowed)
    ]
    assert found == []


@pytest.mark.parametrize("file", _TEXT_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_texts_are_complete_in_both_languages(file: Path) -> None:
    """Every text stands in Chinese and in English, with the same facts."""
    tomllib.loads(file.read_text(encoding="utf-8"))
    assert Texts.load(file).flaws() == []


@pytest.mark.parametrize("name", NAMES)
def test_every_refusal_has_words(name: str) -> None:
    """Each exception of the business that is mapped to a status has a text in the service's own file."""
    texts = Texts.load(service(name).folder / "texts.toml", behind=TEXTS)
    codes = [f"problems.{_PROBLEM.sub('_', error.__name__).lower()}" for error in service(name).problems]
    assert [code for code in codes if not texts.knows(code)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_of_a_service_is_true(name: str, sqlite_url: str) -> None:
    """A service's README names its routes and the events it announces and hears, its options' too, and no others."""
    app = create_app(in_full(name), Database(sqlite_url, name), lambda _request: None)
    readme = (service(name).folder / "README.md").read_text(encoding="utf-8")
    told = set(
        re.findall(r"\b((?:GET|POST|PUT|PATCH|DELETE) /api/v1/[^\s`|?]*)", readme.replace("{", "<").replace("}", ">"))
    )
    events = set(re.findall(r"\b[a-z_]+\.[a-z_]+\.v\d+\b", readme))
    assert sorted(told ^ _routes(app)) == []
    assert sorted(events ^ _events(name)) == []


def _routes(app: Flask) -> set[str]:
    return {
        f"{method} {re.sub(r'<[a-z]+:', '<', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }


def _events(name: str) -> set[str]:
    heard = in_full(name).consumers.types
    known = {*facts(), *optional_facts()}
    return {fact.TYPE for fact in in_full(name).facts} | (set() if heard == ("#",) else set(heard) & known)
