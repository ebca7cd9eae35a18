"""What a board tells of the time to come (an estimate, and the product's own: no article speaks of it), and why one may
step out.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.reception.policy.rules import Name, Policy
from services.reception.rotation.rules import Place

_MINUTE = timedelta(minutes=1)


def waits_about(line: Sequence[Place], lasted: Sequence[timedelta]) -> Mapping[str, int]:
    """About how many minutes everybody who is free has until their turn: one visit's for each free person ahead.

    `lasted` is how long each of the day's finished receptions took: their mean counts. Nobody has an estimate before
    the first is finished, nor while they serve, are away or off duty.
    """
    if not lasted:
        return {}
    mean = sum(lasted, timedelta()) / len(lasted)
    free = [place.staff_id for place in line if place.is_free]
    return {staff_id: mean * ahead // _MINUTE for ahead, staff_id in enumerate(free)}


def reasons_of(policy: Policy) -> list[Mapping[str, str]]:
    """Why one may step out, each `reason` with its name in `zh` and `en`; without one, its code stands for it."""
    named = {reason: policy.out_names.get(reason, Name(reason, reason)) for reason in policy.out_for}
    return [{"reason": reason, "zh": name.zh, "en": name.en} for reason, name in named.items()]
