"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from chassis.web.dead_letters import dead_letters_blueprint
from services.followups.consumers import consumers
from services.followups.corrections.api import blueprint as corrections
from services.followups.credit.api import blueprint as credit
from services.followups.events import FACTS
from services.followups.plans.api import blueprint as plans
from services.followups.problems import PROBLEMS
from services.followups.records.api import blueprint as records
from services.followups.records.job import BOOK_UNBOOKED
from services.followups.tables import METADATA

SERVICE = Service(
    name="followups",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(records, plans, credit, corrections, dead_letters_blueprint("/api/v1/followups")),
    consumers=consumers,
    facts=FACTS,
    problems=PROBLEMS,
    jobs=(BOOK_UNBOOKED,),
)
