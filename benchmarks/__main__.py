"""`./run bench`: every figure that exists, each against a reference of the same run; writes benchmarks/latest.json."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import TypedDict

from chassis.logs import configure_logs

MODULES = (
    "relay",
    "consumer",
    "complete_to_visible",
    "gateway_hop",
    "import_export",
    "rules",
    "search",
    "start",
    "faults",
    "two_workers",
    "load",
    "arrivals",
    "boards",
)
LATEST = Path(__file__).with_name("latest.json")


class Figure(TypedDict):
    """One measured figure; `ratio` is value against reference, `reach` says in words what it must be."""

    figure: str
    value: float
    unit: str
    reference: float | None
    ratio: float | None
    reach: str
    holds: bool


def main() -> int:
    options = _options()
    configure_logs("console", "WARNING")
    figures: list[Figure] = []
    for name in options.only or MODULES:
        for figure in importlib.import_module(f"benchmarks.{name}").figures():
            figures.append(figure)
            print(_line(figure), flush=True)
    _keep(figures)
    return 0 if all(figure["holds"] for figure in figures) else 1


def _keep(figures: list[Figure]) -> None:
    """Each figure as it was measured last: a run of some leaves the others as they stand."""
    known: list[Figure] = json.loads(LATEST.read_text(encoding="utf-8"))["figures"] if LATEST.exists() else []
    kept = {figure["figure"]: figure for figure in [*known, *figures]}
    LATEST.write_text(
        json.dumps({"figures": list(kept.values())}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _line(figure: Figure) -> str:
    ratio = "" if figure["ratio"] is None else f", {figure['ratio']:.2f} × of {figure['reference']:,.4g}"
    verdict = "holds" if figure["holds"] else "DOES NOT HOLD"
    return f"{figure['figure']}: {figure['value']:,.4g} {figure['unit']}{ratio}; reach {figure['reach']}: {verdict}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[*MODULES, []], help="measure only these")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
