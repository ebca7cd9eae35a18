"""Trying a policy on past days: what the registers tell of them, and what would have changed, for whom."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func

from chassis import ledger
from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception.delegations.rules import Delegation
from services.reception.delegations.tables import delegations
from services.reception.discipline.rules import State
from services.reception.discipline.tables import penalties
from services.reception.history.views import entry_of, stood
from services.reception.people.views import branches_in_reach, names_of, zone_of
from services.reception.policy.rules import Cause, Policy, check_is_theirs
from services.reception.policy.rules_of_documents import Layer, check, laid_over
from services.reception.policy.views import layers_on, today_of, versions_for
from services.reception.receptions.tables import receptions
from services.reception.rotation.tables import halls
from services.reception.rotation.views import chain_of
from services.reception.trials.rules import Differences, check_days, differences
from services.reception.trials.rules_of_course import course
from services.reception.trials.rules_of_facts import PolicyOn, Seen, Surroundings, Told, day_of, facts_of

_RUN_UP = timedelta(days=7)
"""Forfeits of the week before the first day count with those of it."""


@dataclass(frozen=True)
class _Draft:
    """A document in place of a branch's, or of the company's, on some days."""

    values: Mapping[str, Any]
    first: date
    last: date
    of_company: bool


def tried(
    tx: Transaction, who: Who, branch_id: str | None, values: Mapping[str, Any], first: date, last: date
) -> tuple[dict[str, Differences], dict[str, str]]:
    """What would have changed, by branch, on these local days had the branch's document been `values`, or (None) the
    company's, in every branch that is open; with the names of people.

    Raises CompanyPolicyIsHeadquarters, UnknownBranch, NotPastDays, or what `rules_of_documents.check` raises.
    """
    check_is_theirs(branch_id, sees_all_branches=who.sees_all_branches)
    check_days(first, last, today_of(tx, who, branch_id))
    check(values)
    where = branches_in_reach(tx, who) if branch_id is None else [branch_id]
    draft = _Draft(values, first, last, of_company=branch_id is None)
    found = {one: _in_branch(tx, who, one, draft) for one in where}
    return found, names_of(tx, who, set().union(*(one.everybody for one in found.values())))


def _in_branch(tx: Transaction, who: Who, branch_id: str, draft: _Draft) -> Differences:
    zone = ZoneInfo(zone_of(tx, who, branch_id))
    starts = datetime.combine(draft.first, time(), zone) - _RUN_UP
    ends = datetime.combine(draft.last + timedelta(days=1), time(), zone)
    before, told = _registers(tx, who, branch_id, starts, ends)
    held, tried = _policies(tx, who, branch_id, draft)
    seen = _quarrels(tx, who, branch_id, starts, ends)
    facts = facts_of(before, told, held, zone, min(ends, tx.now()), seen)
    around = _surroundings(tx, who, branch_id, zone, starts, ends)
    old, new = (course(before, told, facts, held, policy, around) for policy in (held, tried))
    return differences(old, new, draft.first, draft.last)


def _policies(tx: Transaction, who: Who, branch_id: str, draft: _Draft) -> tuple[PolicyOn, PolicyOn]:
    """What held on each day, and what is tried on those asked for."""
    versions = versions_for(tx, who, branch_id)
    stays = [one for one in versions if (one.branch_id is None) is not draft.of_company]

    @cache
    def held(day: date) -> Policy:
        return laid_over(layers_on(versions, day))

    @cache
    def tried(day: date) -> Policy:
        if not draft.first <= day <= draft.last:
            return held(day)
        layers = [Layer("draft", draft.values), *layers_on(stays, day)]
        return laid_over(layers[::-1] if draft.of_company else layers)

    return held, tried


def _registers(
    tx: Transaction, who: Who, branch_id: str, starts: datetime, ends: datetime
) -> tuple[list[Told], list[Told]]:
    """What stood in the branch's halls when the days began, and what happened in them, in the order of time."""
    here = scoped(halls, who).select(halls.c.id).where(halls.c.branch_id == branch_id)
    before: list[Told] = []
    told: list[list[Told]] = []
    for hall_id in tx.execute(here.order_by(halls.c.id)).scalars().all():
        chain, moment = chain_of(hall_id), timedelta(microseconds=1)
        first, last = (ledger.number_at(tx, chain, at - moment) for at in (starts, ends))
        before += [Told(hall_id, one) for one in stood(tx, hall_id, first)]
        told.append([Told(hall_id, entry_of(one)) for one in ledger.entries_between(tx, chain, first, last)])
    return before, list(heapq.merge(*told, key=lambda one: one.entry.at))


def _surroundings(
    tx: Transaction, who: Who, branch_id: str, zone: ZoneInfo, starts: datetime, ends: datetime
) -> Surroundings:
    known = receptions.c.known_customer_id
    asked = scoped(receptions, who).select(receptions.c.id, known, receptions.c.arrived_at)
    during = receptions.c.arrived_at >= starts - _RUN_UP, receptions.c.arrived_at < ends
    rows = tx.execute(asked.where(receptions.c.branch_id == branch_id, known.is_not(None), *during)).all()
    received = _first_received(tx, who, branch_id, {row[1] for row in rows})
    by_phone = frozenset(row[0] for row in rows if row[1] not in received or received[row[1]] >= row[2])
    return Surroundings(zone, _delegations(tx, who, branch_id, starts), {row[0]: row[1] for row in rows}, by_phone)


def _first_received(tx: Transaction, who: Who, branch_id: str, customers: Iterable[str]) -> dict[str, datetime]:
    """When each of these customers was received at the branch for the first time."""
    done = receptions.c.branch_id == branch_id, receptions.c.customer_id.in_(sorted(customers))
    asked = scoped(receptions, who).select(receptions.c.customer_id, func.min(receptions.c.completed_at))
    found = tx.execute(asked.where(*done, receptions.c.state == "completed").group_by(receptions.c.customer_id))
    return {row[0]: row[1] for row in found}


def _delegations(tx: Transaction, who: Who, branch_id: str, starts: datetime) -> tuple[Delegation, ...]:
    here = delegations.c.branch_id == branch_id, delegations.c.ends_at > starts
    return tuple(
        Delegation(
            row.staff_id,
            row.delegate_id,
            row.customer_id,
            row.starts_at,
            min(row.ends_at, row.taken_back_at or row.ends_at),
            row.made_at,
        )
        for row in tx.execute(scoped(delegations, who).select().where(*here))
    )


def _quarrels(tx: Transaction, who: Who, branch_id: str, starts: datetime, ends: datetime) -> list[Seen]:
    """Penalties for what a person saw: only their price is the policy's."""
    wanted = penalties.c.branch_id == branch_id, penalties.c.cause == Cause.QUARREL.value
    during = penalties.c.at >= starts, penalties.c.at < ends, penalties.c.state != State.WITHDRAWN.value
    rows = tx.execute(scoped(penalties, who).select().where(*wanted, *during)).all()
    zone = ZoneInfo(zone_of(tx, who, branch_id))
    return [Seen(row.staff_id, Cause.QUARREL, row.evidence, day_of(row.at, zone)) for row in rows]
