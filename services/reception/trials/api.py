"""Trials of a policy over HTTP."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads, say
from services.reception.trials import views
from services.reception.trials.rules import AS_IT_HAPPENED, CANNOT_KNOW, RE_DECIDED, Differences, added
from services.reception.trials.schemas import NewTrialSchema, TrialSchema

blueprint = Blueprint("trials", __name__)
_KINDS = ("assignments", "passed_on", "overstays", "turns", "penalties", "forfeits", "suspensions")
_SAID = ("reception_id", "call", "step_out_id", "cause", "evidence")


@blueprint.post("/api/v1/reception/policies/trial")
@blueprint.arguments(NewTrialSchema)
@reads("reception.policy")
@blueprint.response(200, TrialSchema)
def try_policy(tx: Transaction, who: Who, draft: dict[str, Any]) -> dict[str, Any]:
    """Try a policy on past days of a branch, or of all of them: what would have changed, for whom, with totals.

    The days are gone through twice, by what held and by the draft, and what differs is answered, in each branch on its
    own local days. Judged anew: who receives, whose turn is used, who greeted in time, who was out for too long, what
    lateness costs and whether it puts somebody to the tail, the order of the day, which forfeits count and whom they
    suspend, every amount. Taken as it happened: who came and went and when, who stepped out and when they were back,
    how long visitors waited to be greeted and stayed, take-overs, what the manager ordered, what people decided about
    penalties, and visitors who did not count as old customers where a registration by phone was not enough. What no
    trial can know is answered as `cannot_know`. A longer time to greet cannot bring back who did not come in the
    shorter one: they are counted as passed on, and `sure` is false, unless a late tap shows when they came.
    """
    branch_id, first, last = draft["branch_id"], draft["from_day"], draft["to_day"]
    found, names = views.tried(tx, who, branch_id, draft["values"], first, last)
    return {
        "branch_id": branch_id,
        "from_day": first,
        "to_day": last,
        "totals": _totals(found.values()),
        "branches": [{"branch_id": one, "totals": _totals([here])} for one, here in found.items()],
        "people": [
            vars(one) | {"name": names[one.staff_id], "branch_id": key}
            for key, here in found.items()
            for one in here.people
        ],
        **{kind: list(_shown(kind, found, names)) for kind in _KINDS},
        "re_decided": _said("re_decided", RE_DECIDED),
        "as_it_happened": _said("as_it_happened", AS_IT_HAPPENED),
        "cannot_know": _said("cannot_know", CANNOT_KNOW),
    }


def _totals(found: Collection[Differences]) -> dict[str, Any]:
    return {
        "before": added(one.before for one in found),
        "after": added(one.after for one in found),
        "assignments_changed": sum(len(one.assignments) for one in found),
        "turns_changed": sum(len(one.turns) for one in found),
        "penalties_changed": sum(len(one.penalties) for one in found),
        "people_changed": sum(len(one.people) for one in found),
        "passed_on_unsure": sum(one.unsure for one in found),
    }


def _shown(kind: str, found: Mapping[str, Differences], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for branch_id, here in found.items():
        for change in getattr(here, kind):
            told = vars(change.before or change.after)
            said = {name: told[name] for name in _SAID if name in told}
            sides = {"before": _side(change.before, names), "after": _side(change.after, names)}
            yield said | {"branch_id": branch_id, "day": change.day} | sides


def _side(side: Any, names: Mapping[str, str]) -> dict[str, Any] | None:
    return None if side is None else vars(side) | {"name": names[side.staff_id]}


def _said(what: str, codes: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"code": code, "text": say(f"trials.{what}.{code}")} for code in codes]
