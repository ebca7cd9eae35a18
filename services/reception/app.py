"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from chassis.web.dead_letters import dead_letters_blueprint
from services.reception.attendance.api import blueprint as attendance
from services.reception.board.api import blueprint as board
from services.reception.consumers import consumers
from services.reception.delegations.api import blueprint as delegations
from services.reception.door.api import blueprint as door
from services.reception.events import FACTS
from services.reception.journal.api import blueprint as journal
from services.reception.problems import PROBLEMS
from services.reception.receipts.api import blueprint as receipts
from services.reception.receptions.api import blueprint as receptions
from services.reception.receptions.job import JOB as LIMITS
from services.reception.rotation.api import blueprint as rotation
from services.reception.stepping_out.api import blueprint as stepping_out
from services.reception.stepping_out.job import JOBS as STEP_OUTS
from services.reception.tables import METADATA

SERVICE = Service(
    name="reception",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(
        rotation,
        receptions,
        attendance,
        stepping_out,
        board,
        delegations,
        door,
        receipts,
        journal,
        dead_letters_blueprint("/api/v1/reception"),
    ),
    consumers=consumers,
    jobs=(LIMITS, *STEP_OUTS),
    facts=FACTS,
    problems=PROBLEMS,
)
