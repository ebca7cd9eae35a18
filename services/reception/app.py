"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from chassis.web.dead_letters import dead_letters_blueprint
from services.reception.attendance.api import blueprint as attendance
from services.reception.consumers import consumers
from services.reception.events import FACTS
from services.reception.problems import PROBLEMS
from services.reception.rotation.api import blueprint as rotation
from services.reception.tables import METADATA

SERVICE = Service(
    name="reception",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(rotation, attendance, dead_letters_blueprint("/api/v1/reception")),
    consumers=consumers,
    facts=FACTS,
    problems=PROBLEMS,
)
