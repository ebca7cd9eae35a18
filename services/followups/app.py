"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from chassis.web.dead_letters import dead_letters_blueprint
from services.followups.consumers import consumers
from services.followups.credit.api import blueprint as credit
from services.followups.events import CreditBooked, FollowupPlanChanged, FollowupRecorded
from services.followups.plans.api import blueprint as plans
from services.followups.problems import PROBLEMS
from services.followups.records.api import blueprint as records
from services.followups.tables import METADATA

SERVICE = Service(
    name="followups",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(records, plans, credit, dead_letters_blueprint("/api/v1/followups")),
    consumers=consumers,
    facts=(FollowupRecorded, FollowupPlanChanged, CreditBooked),
    problems=PROBLEMS,
)
