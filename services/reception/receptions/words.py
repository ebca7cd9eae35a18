"""Why somebody receives, or why nobody does yet, said in the language of the present request."""

from collections.abc import Mapping
from typing import Any

from chassis.web import say


def spoken_of(row: Mapping[Any, Any]) -> list[str]:
    """The ids of everybody whose name the explanation of a reception says."""
    why = row["explanation"]
    facts = why["facts"]
    ids = [row["server_id"], facts["original_id"], facts["delegate_id"]]
    return [one for one in [*ids, *(one["staff_id"] for one in why["passed_over"])] if one]


def explanation(row: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The explanation of a reception as ExplanationSchema shows it; `names` has those of `spoken_of`."""
    why = row["explanation"]
    over = [one | {"name": names[one["staff_id"]], "text": _passed(one, names)} for one in why["passed_over"]]
    told = [_decision(why, row, names), *(one["text"] for one in over)]
    return {
        "reception_id": row["id"],
        "code": why["code"],
        "article": why["article"],
        "policy_version": why["policy"],
        "text": say("reasons.between").join(told),
        "facts": why["facts"],
        "passed_over": over,
    }


def _decision(why: Mapping[str, Any], row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """What was decided, with the facts it rests on: whose customer it is, and where that person was."""
    facts = why["facts"]
    said = {
        "name": names.get(row["server_id"], ""),
        "original": names.get(facts["original_id"], ""),
        "delegate": names.get(facts["delegate_id"], ""),
    }
    where = facts["delegate_is"] or facts["original_is"]
    said["where"] = say(f"standing.{where}") if where else ""
    return say(f"reasons.{why['code']}", **said)


def _passed(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return say(f"reasons.passed_over.{one['reason']}", name=names[one["staff_id"]])
