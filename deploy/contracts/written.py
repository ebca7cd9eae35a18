"""What stands in contracts/, as the code has it now."""

import json
from pathlib import Path
from typing import Any

from deploy.catalogue import ROOT, facts
from deploy.contracts import asyncapi, openapi
from deploy.contracts.examples import envelope_of, example_of

FOLDER = ROOT / "contracts"


def contents() -> dict[Path, str]:
    """Every generated file with its text."""
    documents = {FOLDER / "asyncapi.json": asyncapi.document(), FOLDER / "openapi.json": openapi.document()}
    return {file: _text(value) for file, value in (goldens() | documents).items()}


def goldens() -> dict[Path, Any]:
    """One example per event and version, in its envelope."""
    return {
        FOLDER / "events" / f"{name}.json": json.loads(envelope_of(source, example_of(fact)).to_json())
        for name, (source, fact) in sorted(facts().items())
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
