"""What the pages are made of: files as published, words in both languages, nothing from elsewhere."""

import hashlib
import json
import re
from pathlib import Path

import gateway.pages
from gateway.pages.language import TEXTS, local_path

_PAGES = Path(gateway.pages.__file__).parent
_VENDOR = _PAGES / "static" / "vendor"
_TEMPLATES = sorted((_PAGES / "templates").rglob("*.html"))


def test_vendored_files_are_the_published_ones() -> None:
    """Each vendored file has its checksum, version, licence and licence text, and none is there unannounced."""
    packages = json.loads((_VENDOR / "vendor.json").read_text(encoding="utf-8"))
    announced = {"vendor.json"}
    for package in packages:
        assert package["version"] and package["licence"]
        assert (_VENDOR / package["licence_file"]).stat().st_size > 200
        announced |= {package["licence_file"], *(one["file"] for one in package["files"])}
        for one in package["files"]:
            assert hashlib.sha256((_VENDOR / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    assert {file.name for file in _VENDOR.iterdir()} == announced


def test_templates_load_and_run_nothing_foreign() -> None:
    """No address of another host, no inline script or style, no handler in an attribute, no unescaped text."""
    bad = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe""")
    found = [f"{file.name}: {hit.group()}" for file in _TEMPLATES for hit in bad.finditer(file.read_text("utf-8"))]
    assert found == []
    scripts = [tag for file in _TEMPLATES for tag in re.findall(r"<script[^>]*>", file.read_text("utf-8"))]
    assert scripts and all("nonce=" in tag and "src=" in tag for tag in scripts)


def test_every_word_is_there_in_both_languages() -> None:
    """The texts have no flaws, and templates name only texts that there are."""
    assert TEXTS.flaws() == []
    named = {
        code
        for file in _TEMPLATES
        for code in re.findall(r"""\bt\(["']([a-z_.]+[a-z_])["'][,)]""", file.read_text("utf-8"))
    }
    assert sorted(code for code in named if not TEXTS.knows(code)) == []


def test_goes_on_only_within_the_site() -> None:
    """Where to go on after the door is a path of this site, else the start."""
    assert local_path("/sheet?from=2020-02-01") == "/sheet?from=2020-02-01"
    for foreign in (None, "", "https://example.org", "//example.org", "/\\example.org", "sheet", "/a\nb"):
        assert local_path(foreign) == "/"
