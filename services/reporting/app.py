"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from chassis.web.dead_letters import dead_letters_blueprint
from services.reporting.consumers import consumers
from services.reporting.days.api import blueprint as days
from services.reporting.problems import PROBLEMS
from services.reporting.sheets.api import blueprint as sheets
from services.reporting.tables import METADATA

SERVICE = Service(
    name="reporting",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(sheets, days, dead_letters_blueprint("/api/v1/reporting")),
    consumers=consumers,
    facts=(),
    problems=PROBLEMS,
)
