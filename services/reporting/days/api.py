"""The totals of a day over HTTP."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads
from services.reporting.days import views
from services.reporting.days.rules import Counts, Person, day_of
from services.reporting.days.schemas import DayArguments, DaySchema
from services.reporting.facts.views import asked_of

blueprint = Blueprint("days", __name__)


@blueprint.get("/api/v1/reporting/days/<day>")
@blueprint.arguments(DayArguments, location="query")
@reads("reporting.see")
@blueprint.response(200, DaySchema)
def show_day(tx: Transaction, who: Who, arguments: dict[str, Any], day: str) -> dict[str, Any]:
    """What happened on one local day: in all, by branch and by person."""
    date = day_of(day)
    asked = asked_of(tx, who, arguments["branch_id"])
    people = views.by_person(tx, asked, date)
    branches = _by_branch(people, views.deals_by_branch(tx, asked, date))
    names = views.names_of_branches(tx, asked)
    return {
        "date": date,
        "branch_id": asked.branch_id,
        **asdict(sum(branches.values(), Counts())),
        "by_branch": [{"branch_id": at, "name": names.get(at), **asdict(branches[at])} for at in sorted(branches)],
        "by_person": [asdict(person) | asdict(people[person]) for person in sorted(people, key=_by_name)],
    }


def _by_branch(people: Mapping[Person, Counts], deals: Mapping[str, int]) -> dict[str, Counts]:
    totals: dict[str, Counts] = {}
    for person, counts in people.items():
        totals[person.branch_id] = totals.get(person.branch_id, Counts()) + counts
    return {at: replace(counts, deals=deals.get(at, 0)) for at, counts in totals.items()}


def _by_name(person: Person) -> tuple[str, bool, str, str]:
    """By branch and name, those without a name last."""
    return person.branch_id, person.name is None, person.name or "", person.staff_id or ""
