"""Wiring: the only file that sees everything."""

from pathlib import Path

from chassis.service import Option, Service
from chassis.settings import POINTS
from chassis.web.dead_letters import dead_letters_blueprint
from services.customers.amendments.api import blueprint as amendments
from services.customers.applications.api import blueprint as applications
from services.customers.candidates.api import blueprint as candidates
from services.customers.consumers import consumers
from services.customers.consumers_of_points import consumers as consumers_of_points
from services.customers.contacts.api import blueprint as contacts
from services.customers.erasure.api import blueprint as erasure
from services.customers.erasure.job import JOB as TIDY_AFTER_ERASURE
from services.customers.events import FACTS
from services.customers.events_of_points import FACTS as FACTS_OF_POINTS
from services.customers.exports.api import blueprint as exports
from services.customers.exports.job import JOBS as EXPORTS
from services.customers.families.api import blueprint as families
from services.customers.fields.api import blueprint as fields
from services.customers.files.api import blueprint as files
from services.customers.files.job import JOB as INDEX_FIELD
from services.customers.groups.api import blueprint as groups
from services.customers.ownership.api import blueprint as ownership
from services.customers.points.api import blueprint as points
from services.customers.policy.api import blueprint as policies
from services.customers.pool.api import blueprint as pool
from services.customers.pool.job import JOB as PROMISE_DRAWS
from services.customers.problems import PROBLEMS
from services.customers.recycle_bin.api import blueprint as recycle_bin
from services.customers.recycle_bin.job import JOB as PURGE_BIN
from services.customers.returns.api import blueprint as returns
from services.customers.returns.job import JOB as WATCH_IDLE
from services.customers.reveals.api import blueprint as reveals
from services.customers.searches.api import blueprint as searches
from services.customers.spreadsheets.api import blueprint as imports
from services.customers.spreadsheets.job import JOBS as IMPORTS
from services.customers.tables import METADATA
from services.customers.tags.api import blueprint as tags

SERVICE = Service(
    name="customers",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(
        imports,
        exports,
        amendments,
        candidates,
        contacts,
        erasure,
        families,
        fields,
        groups,
        tags,
        files,
        reveals,
        searches,
        applications,
        ownership,
        policies,
        pool,
        recycle_bin,
        returns,
        dead_letters_blueprint("/api/v1/customers"),
    ),
    consumers=consumers,
    facts=FACTS,
    problems=PROBLEMS,
    jobs=(*IMPORTS, *EXPORTS, PROMISE_DRAWS, INDEX_FIELD, PURGE_BIN, WATCH_IDLE, TIDY_AFTER_ERASURE),
    options=(Option(POINTS, (points,), consumers_of_points, FACTS_OF_POINTS),),
)
