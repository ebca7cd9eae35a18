"""A branch's story as events: every event of the catalogue, several subjects and versions each, coherent in itself.

It is made from the catalogue's examples, so a fact that gets a field gets it here as well; only what ties events
together is said: ids, states, days, owners.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chassis.events import Envelope, Fact
from deploy.catalogue import facts
from deploy.contracts.examples import envelope_of, example_of, id_of
from services.customers.events import OtherPhone
from services.reception.events import Companion, Person

DAY = dt.date(2026, 3, 2)
_MORNING = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
BRANCHES = [id_of(f"branch {n}") for n in (1, 2)]
STAFF = [id_of(f"staff {n}") for n in range(6)]
CUSTOMERS = [id_of(f"customer {n}") for n in range(6)]


def history() -> list[Envelope]:
    """All events, in the order in which they happened; ids are their own, sequences rise per subject."""
    at_work = [*_company(), *_hall(), *_absences(), *_penalties(), *_conflicts()]
    return [*at_work, *_receptions(), *_files(), *_owners(), *_followups(), *_sheet()]


def _company() -> Iterator[Envelope]:
    for sequence in (1, 2, 3):
        for n, branch in enumerate(BRANCHES):
            yield _event("branch.changed.v1", sequence, branch_id=branch, code=f"B{n}", active=True)
        for n, staff in enumerate(STAFF):
            works = {"branch_id": BRANCHES[n % 2], "team_id": id_of(f"team {n % 3}"), "name": f"员工{n}.{sequence}"}
            yield _event("staff.changed.v1", sequence, staff_id=staff, active=n != 5 or sequence < 3, **works)
        yield _event("department.changed.v1", sequence, branch_id=BRANCHES[0])
        yield _event("team.changed.v1", sequence, branch_id=BRANCHES[0])


def _hall() -> Iterator[Envelope]:
    hall = {"hall_id": id_of("hall"), "branch_id": BRANCHES[0]}
    for sequence in (1, 2, 3):
        yield _event("hall.changed.v1", sequence, **hall)
        yield _event("line.changed.v1", sequence, **hall, order=STAFF[sequence:] + STAFF[:sequence])
        yield _event(
            "policy.changed.v1", sequence, policy_id=BRANCHES[0], branch_id=BRANCHES[0], version=f"B0-{sequence}"
        )
    for n, staff in enumerate(STAFF[::2]):
        attendance = {"attendance_id": id_of(f"attendance {n}"), "staff_id": staff, **hall}
        yield _event("attendance.clocked_in.v1", 1, **attendance, clocked_out_at=None)
        yield _event("attendance.clocked_out.v1", 2, **attendance)
        yield _event("attendance.lateness_changed.v1", 3, **attendance)
        missed = {"absence_id": id_of(f"absence {n}"), "staff_id": staff, **hall}
        yield _event("absence.found.v1", 1, **missed)
        yield _event("absence.cancelled.v1", 2, **missed)
        leave = {"leave_id": id_of(f"leave {n}"), "staff_id": staff, "branch_id": BRANCHES[0]}
        yield _event("leave.asked.v1", 1, **leave, state="asked", decided_by=None, decided_at=None)
        yield _event("leave.decided.v1", 2, **leave, state="approved")
    for sequence in (1, 2):
        entrusted = {"staff_id": STAFF[0], "delegate_id": STAFF[2], "branch_id": BRANCHES[0]}
        yield _event("delegation.changed.v1", sequence, **entrusted, delegation_id=id_of("delegation"))


def _absences() -> Iterator[Envelope]:
    for n, staff in enumerate(STAFF[::2]):
        says = {"hall_id": id_of("hall"), "branch_id": BRANCHES[0], "staff_id": staff}
        out = says | {"step_out_id": id_of(f"step-out {n}"), "ended_at": None, "forfeit_id": None}
        yield _event("step_out.asked.v1", 1, **out, state="asked", since=None, until=None)
        yield _event("step_out.left.v1", 2, **out, state="away")
        yield _event("step_out.overstayed.v1", 3, **out, state="overstayed")
        yield _event("step_out.ended.v1", 4, **out | {"ended_at": _MORNING}, state="overstayed")
        given_up = says | {"forfeit_id": id_of(f"forfeit {n}"), "cause": "walked_off"}
        yield _event("forfeit.recorded.v1", 1, **given_up, excused_by=None, excused_at=None, reason=None)
        yield _event("forfeit.excused.v1", 2, **given_up)
        del says["hall_id"]
        suspended = says | {"suspension_id": id_of(f"suspension {n}"), "ended_at": None, "ended_by": None}
        yield _event("suspension.ordered.v1", 1, **suspended, starts_at=None, ends_at=None)
        yield _event("suspension.began.v1", 2, **suspended)
        yield _event("suspension.ended.v1", 3, **suspended | {"ended_at": _MORNING, "ended_by": STAFF[0]})
    says = {"hall_id": id_of("hall"), "branch_id": BRANCHES[0], "staff_id": STAFF[1]}
    yield _event("step_out.cancelled.v1", 1, **says, step_out_id=id_of("step-out"), state="cancelled")
    yield _event("materials.confirmed.v1", 1, **says, confirmation_id=id_of("confirmation"))


def _receptions() -> Iterator[Envelope]:
    for n, customer in enumerate(CUSTOMERS):
        says: dict[str, Any] = {"reception_id": id_of(f"reception {n}"), "branch_id": BRANCHES[n % 2], "personal": None}
        says |= {"server_id": None, "customer_id": None, "turn": None, "completed_at": None, "local_day": DAY}
        yield _event("reception.opened.v1", 1, **says, state="waiting")
        says |= {"server_id": STAFF[n % 2]}
        yield _event("reception.assigned.v1", 2, **says, state="assigned")
        yield _event("reception.passed_on.v1", 3, **says, state="waiting")
        yield _event("reception.assigned.v1", 4, **says, state="assigned")
        yield _event("reception.greeted.v1", 5, **says, state="greeted")
        yield _event("reception.changed.v1", 6, **says, state="greeted")
        if n == 5:
            yield _event("reception.closed.v1", 7, **says, state="closed")
            return
        del says["personal"]
        done = _MORNING + dt.timedelta(minutes=n)
        says |= {"customer_id": customer, "turn": "used", "completed_at": done, "phone": _phone(n)}
        says |= {"original_id": STAFF[2], "owner_id": STAFF[n % 2], "credit_day": DAY}
        says["companions"] = [Companion(id_of("companion"), True, None)] if n == 0 else []
        says |= {"credit_rule": ("owner", "half_each", "server")[n % 3], "state": "completed", "next_contact": None}
        yield _event("reception.completed.v1", 7, **says)
        yield _event("reception.credit_corrected.v1", 8, **says | {"credit_rule": ("owner", "half_each")[n % 2]})


def _penalties() -> Iterator[Envelope]:
    for n, staff in enumerate(STAFF):
        says = {"penalty_id": id_of(f"penalty {n}"), "branch_id": BRANCHES[n % 2], "staff_id": staff, "day": DAY}
        yield _event("penalty.proposed.v1", 1, **says, state="proposed", month=None)
        yield _event("penalty.decided.v1", 2, **says, state="confirmed" if n else "waived", month="2026-03")
        if n > 3:
            yield _event("penalty.appealed.v1", 3, **says, state="appealed", month="2026-03")
            yield _event("penalty.decided.v1", 4, **says, state="upheld", month="2026-03")


def _conflicts() -> Iterator[Envelope]:
    says: dict[str, Any] = {"branch_id": BRANCHES[0], "reporter_id": STAFF[0], "other_id": STAFF[2]}
    dispute = says | {"dispute_id": id_of("dispute"), "customer_id": CUSTOMERS[0]}
    yield _event("dispute.reported.v1", 1, **dispute, decided_by=None, decided_at=None)
    yield _event("dispute.decided.v1", 2, **dispute)
    for n, state in enumerate(("removed", "kept", "dropped")):
        case = {"case_id": id_of(f"case {n}"), "branch_id": BRANCHES[0], "staff_id": STAFF[n]}
        case["penalty_id"] = id_of(f"penalty {n}")
        yield _event("removal_case.opened.v1", 1, **case, state="open", decided_by=None, decided_at=None)
        yield _event("removal_case.decided.v1", 2, **case, state=state)
    entry = {"conflict_id": f"{id_of('hall')}/{id_of('entry')}", "hall_id": id_of("hall"), "branch_id": BRANCHES[0]}
    yield _event("journal_conflict.found.v1", 1, **entry, settled_at=None, settled_by=None)
    yield _event("journal_conflict.settled.v1", 2, **entry)


def _files() -> Iterator[Envelope]:
    for n, customer in enumerate(CUSTOMERS):
        says = {"customer_id": customer, "branch_id": BRANCHES[n % 2], "code": f"A{n:03}", "local_day": DAY}
        says["phone"] = _phone(n)
        yield _event("customer.registered.v1", 1, **says, grade=None, owner_id=STAFF[n % 2], active=True)
        says |= {"grade": "ABC"[n % 3], "others": [_phone((n + 2) % 4), _phone(10 + n)]}  # the first is a visitor's
        yield _event("customer.changed.v1", 2, **says, owner_id=STAFF[n % 2], active=True)
        says |= {"others": [_phone(10 + n)]}
        yield _event("customer.changed.v1", 3, **says, owner_id=STAFF[n % 2 + 2], active=n != 2)
        asked = {"amendment_id": id_of(f"amendment {n}"), "customer_id": customer, "branch_id": BRANCHES[n % 2]}
        yield _event("amendment.changed.v1", 1, **asked, state="asked", decided_by=None, decided_at=None)
        yield _event("amendment.changed.v1", 2, **asked, state="signed")
    pair = {"branch_id": BRANCHES[0], "first_id": CUSTOMERS[0], "second_id": CUSTOMERS[4]}
    yield _event("relation.changed.v1", 1, **pair, relation_id=id_of("relation"), state="asked")
    yield _event("relation.changed.v1", 2, **pair, relation_id=id_of("relation"), state="confirmed")
    for sequence, active in ((1, True), (2, False)):
        yield _event("candidate.decided.v1", sequence, **pair, candidate_id=id_of("candidate"), active=active)
        seen = {"reveal_id": id_of(f"reveal {n}"), "customer_id": customer, "branch_id": BRANCHES[n % 2]}
        yield _event("phone.revealed.v1", 1, **seen, revealed_by=STAFF[n % 2], local_day=DAY)
    merged = {"loser_id": CUSTOMERS[2], "winner_id": CUSTOMERS[0], "branch_id": BRANCHES[0]}
    for sequence, active in ((1, True), (2, False), (3, True)):
        yield _event("customer.merged.v1", sequence, **merged, active=active)
    yield _event("customer.erased.v1", 4, customer_id=CUSTOMERS[3], branch_id=BRANCHES[1])


def _owners() -> Iterator[Envelope]:
    here, customer = {"branch_id": BRANCHES[0]}, {"branch_id": BRANCHES[0], "customer_id": CUSTOMERS[0]}
    for n in (1, 2):
        draw = {"draw_id": id_of(f"draw {n}"), **here, "n": n, "commitment": f"{n}" * 64}
        yield _event("draw.promised.v1", 1, **draw)
        yield _event(
            "draw.done.v1", 2, **draw, drawer_id=STAFF[n], candidates=CUSTOMERS[:4], given=CUSTOMERS[n : n + 1]
        )
        yield _event("ownership_policy.changed.v1", n, policy_id=BRANCHES[0], **here, n=n)
        yield _event("handover.made.v1", 1, handover_id=id_of(f"handover {n}"), **here, from_id=STAFF[4])
        applied = {"application_id": id_of(f"application {n}"), **customer, "applicant_id": STAFF[n]}
        yield _event("application.changed.v1", 1, **applied, state="open", decided_by=None, decided_at=None)
        yield _event("application.changed.v1", 2, **applied, state="approved" if n == 1 else "refused")
        warning = {"warning_id": id_of(f"warning {n}"), **customer, "owner_id": STAFF[0]}
        for sequence, state in ((1, "open"), (2, "lifted" if n == 1 else "returned")):
            yield _event("return_warning.changed.v1", sequence, **warning, state=state)


def _followups() -> Iterator[Envelope]:
    for n, customer in enumerate(CUSTOMERS):
        says = {"customer_id": customer, "branch_id": BRANCHES[n % 2]}
        done = {"result": "成交" if n % 3 == 0 else None, "date": DAY + dt.timedelta(days=n), "origin": "person"}
        record = says | done | {"followup_id": id_of(f"followup {n}"), "origin_key": None}
        yield _event("followup.recorded.v1", 1, **record)
        if n == 5:
            yield _event("followup.erased.v1", 1, followup_id=record["followup_id"], branch_id=record["branch_id"])
        for sequence in (1, 2):
            yield _event("followup_plan.changed.v1", sequence, **says, next_due=DAY + dt.timedelta(days=7 * sequence))
            yield _event("credit.booked.v1", sequence, **says, deal_id=id_of(f"followup {n}"), rule="owner")
        if done["result"]:
            yield from _correction(n, says, record)


def _correction(n: int, says: dict[str, Any], record: dict[str, Any]) -> Iterator[Envelope]:
    """A deal was signed a day earlier and for another amount than was recorded: asked for, signed, booked again."""
    after = {"deal_date": DAY + dt.timedelta(days=n - 1), "amount": 90_000 + n}
    asked = {"correction_id": id_of(f"correction {n}"), "branch_id": says["branch_id"], **after}
    asked |= {"deal_id": record["followup_id"], "asked_by": STAFF[n % 2]}
    yield _event("deal_correction.asked.v1", 1, **asked, state="asked", decided_by=None, decided_at=None)
    yield _event("deal_correction.decided.v1", 2, **asked, state="signed", decided_by=STAFF[n % 2 + 2])
    if n == 3:
        yield _event("deal_correction.erased.v1", 2, correction_id=asked["correction_id"], branch_id=asked["branch_id"])
    yield _event("followup.corrected.v1", 2, **record | after)
    yield _event("credit.booked.v1", 3, **says, **after, deal_id=record["followup_id"], rule="owner")


def _sheet() -> Iterator[Envelope]:
    for row in (2, 3, 4):
        says = {"row_key": f"{'0f' * 32}:{row}", "row_number": row, "branch_id": BRANCHES[0]}
        day = DAY - dt.timedelta(days=row) if row != 4 else None
        yield _event("sheet_row.imported.v1", 1, **says, customer_id=CUSTOMERS[2 * row - 4], followup_date=day)
        progress = {"import_id": id_of("import"), "branch_id": BRANCHES[0], "done": row - 1, "of": 3}
        yield _event("import.progressed.v1", row - 1, **progress, state="running")
    yield _event("customers.exported.v1", 2, export_id=id_of("export"), branch_id=BRANCHES[0], staff_id=STAFF[0])


def _phone(n: int) -> str:
    """The fifth visitor gives the first one's phone: two registrations of one customer."""
    return f"+861380013800{n % 4}" if n < 9 else f"+861390013900{n}"


def _event(event_type: str, sequence: int, **says: Any) -> Envelope:
    source, fact = facts()[event_type]
    phone, others = says.pop("phone", None), says.pop("others", None)
    example = replace(example_of(fact), **says)
    if phone is not None:
        who: dict[str, Any] = {"phone": phone}
        if others is not None:
            who["other_phones"] = [OtherPhone(says["customer_id"], one) for one in others]
        if "companions" in says:
            who["companions"] = [Person(one.customer_id, "陈大文", _phone(9)) for one in says["companions"]]
        example = replace(example, personal=replace(_personal(example), **who))  # type: ignore[call-arg]
    envelope = envelope_of(source, example, sequence)
    own_id = id_of(f"{event_type} {envelope.subject} {sequence}")
    return replace(envelope, id=own_id, time=_MORNING + dt.timedelta(hours=sequence))


def _personal(example: Fact) -> Any:
    return example.personal  # type: ignore[attr-defined]
