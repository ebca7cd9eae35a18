"""What stands in contracts/, as the code has it now."""

import json
from pathlib import Path
from typing import Any

from chassis.events import Fact
from deploy.catalogue import ROOT, facts, optional_facts
from deploy.contracts import asyncapi, openapi
from deploy.contracts.examples import envelope_of, example_of

FOLDER = ROOT / "contracts"
OPTIONAL = FOLDER / "optional"
"""What is only where a setting says so: the same files, of what it adds."""


def contents() -> dict[Path, str]:
    """Every generated file with its text."""
    documents = {FOLDER / "asyncapi.json": asyncapi.document(), FOLDER / "openapi.json": openapi.document()}
    documents |= {OPTIONAL / "asyncapi.json": asyncapi.optional(), OPTIONAL / "openapi.json": openapi.optional()}
    return {file: _text(value) for file, value in (goldens() | documents).items()}


def goldens() -> dict[Path, Any]:
    """One example per event and version, in its envelope."""
    return _examples(FOLDER, facts()) | _examples(OPTIONAL, optional_facts())


def _examples(folder: Path, catalogue: dict[str, tuple[str, type[Fact]]]) -> dict[Path, Any]:
    return {
        folder / "events" / f"{name}.json": json.loads(envelope_of(source, example_of(fact)).to_json())
        for name, (source, fact) in sorted(catalogue.items())
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
