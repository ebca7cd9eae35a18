"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from services.reporting.consumers import consumers
from services.reporting.days.api import blueprint as days
from services.reporting.problems import PROBLEMS
from services.reporting.sheets.api import blueprint as sheets
from services.reporting.tables import METADATA

SERVICE = Service(
    name="reporting",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(sheets, days),
    consumers=consumers,
    facts=(),
    problems=PROBLEMS,
)
