"""Trials of a policy over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads, say
from services.reception.trials import views
from services.reception.trials.rules import AS_IT_HAPPENED, RE_DECIDED, Change, Differences
from services.reception.trials.schemas import NewTrialSchema, TrialSchema

blueprint = Blueprint("trials", __name__)
_KINDS = ("assignments", "passed_on", "turns", "penalties", "forfeits", "suspensions")
_SAID = ("reception_id", "call", "cause", "evidence")


@blueprint.post("/api/v1/reception/policies/trial")
@blueprint.arguments(NewTrialSchema)
@reads("reception.policy")
@blueprint.response(200, TrialSchema)
def try_policy(tx: Transaction, who: Who, draft: dict[str, Any]) -> dict[str, Any]:
    """Try a policy on past days of a branch: what would have changed, for whom, with totals.

    The days are gone through twice, by what held and by the draft, and what differs is answered. Judged anew: who
    receives, whose turn is used, who greeted in time, what lateness costs and whether it puts somebody to the tail, the
    order of the day, which forfeits count and whom they suspend, every amount. Taken as it happened: who came and went
    and when, who stepped out and for how long, how long visitors waited to be greeted and stayed, take-overs, what the
    manager ordered, what people decided about penalties, and visitors who did not count as old customers where a
    registration by phone was not enough. A longer time to greet cannot bring back who did not come in the shorter one:
    they are counted as passed on, and `sure` is false, unless a late tap shows when they came.
    """
    branch_id, first, last = draft["branch_id"], draft["from_day"], draft["to_day"]
    found, names = views.tried(tx, who, branch_id, draft["values"], first, last)
    return {
        "branch_id": branch_id,
        "from_day": first,
        "to_day": last,
        "totals": _totals(found),
        "people": [vars(one) | {"name": names[one.staff_id]} for one in found.people],
        **{kind: [_shown(one, names) for one in getattr(found, kind)] for kind in _KINDS},
        "re_decided": _said("re_decided", RE_DECIDED),
        "as_it_happened": _said("as_it_happened", AS_IT_HAPPENED),
    }


def _totals(found: Differences) -> dict[str, Any]:
    return {
        "before": found.before,
        "after": found.after,
        "assignments_changed": len(found.assignments),
        "turns_changed": len(found.turns),
        "penalties_changed": len(found.penalties),
        "people_changed": len(found.people),
        "passed_on_unsure": found.unsure,
    }


def _shown(change: Change, names: Mapping[str, str]) -> dict[str, Any]:
    told = vars(change.before or change.after)
    said = {name: told[name] for name in _SAID if name in told}
    sides = {"before": _side(change.before, names), "after": _side(change.after, names)}
    return said | {"day": change.day} | sides


def _side(side: Any, names: Mapping[str, str]) -> dict[str, Any] | None:
    if side is None:
        return None
    told = dict(vars(side))
    staff_id = told.get("staff_id") or told["server_id"]
    return told | {"staff_id": staff_id, "name": names[staff_id]}


def _said(what: str, codes: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"code": code, "text": say(f"trials.{what}.{code}")} for code in codes]
