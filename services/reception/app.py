"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Service
from chassis.web.dead_letters import dead_letters_blueprint
from services.reception.attendance.api import blueprint as attendance
from services.reception.attendance.job import SHIFT_ENDED, WATCH
from services.reception.board.api import blueprint as board
from services.reception.consumers import consumers
from services.reception.corrections.api import blueprint as corrections
from services.reception.delegations.api import blueprint as delegations
from services.reception.discipline.api import blueprint as discipline
from services.reception.disputes.api import blueprint as disputes
from services.reception.door.api import blueprint as door
from services.reception.events import FACTS
from services.reception.history.api import blueprint as history
from services.reception.journal.api import blueprint as journal
from services.reception.policy.api import blueprint as policy
from services.reception.problems import PROBLEMS
from services.reception.receipts.api import blueprint as receipts
from services.reception.receptions.api import blueprint as receptions
from services.reception.receptions.job import JOB as LIMITS
from services.reception.rosters.api import blueprint as rosters
from services.reception.rotation.api import blueprint as rotation
from services.reception.settlements.api import blueprint as settlements
from services.reception.stepping_out.api import blueprint as stepping_out
from services.reception.stepping_out.job import JOBS as STEP_OUTS
from services.reception.tables import METADATA
from services.reception.trials.api import blueprint as trials

SERVICE = Service(
    name="reception",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(
        rotation,
        receptions,
        attendance,
        stepping_out,
        corrections,
        board,
        policy,
        history,
        trials,
        discipline,
        settlements,
        disputes,
        rosters,
        delegations,
        door,
        receipts,
        journal,
        dead_letters_blueprint("/api/v1/reception"),
    ),
    consumers=consumers,
    jobs=(LIMITS, SHIFT_ENDED, WATCH, *STEP_OUTS),
    facts=FACTS,
    problems=PROBLEMS,
)
