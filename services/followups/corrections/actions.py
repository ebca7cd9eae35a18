"""Asking for a correction of a deal, signing it, refusing it; all of it stands in the branch's register of credit."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from chassis import audit, ledger
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.followups.corrections import rules, views
from services.followups.corrections.rules import Signing, State
from services.followups.corrections.tables import deal_corrections
from services.followups.credit.actions import correct_deal
from services.followups.credit.rules import Deal
from services.followups.credit.views import chain_of, deal_in_reach
from services.followups.events import (
    DealCorrectionAsked,
    DealCorrectionDecided,
    DealCorrectionErased,
    Reasons,
    _DealCorrection,
)
from services.followups.people.views import zone_of
from services.followups.records.actions import announce_corrected

_PUBLIC = [field.name for field in fields(_DealCorrection) if field.name not in ("correction_id", "personal")]


def ask(tx: Transaction, who: Who, said: Mapping[str, Any]) -> str:
    """Somebody asks that a deal be corrected, with a reason; without a signature nothing follows. Answers its id.

    `said` holds what NewCorrectionSchema loads. Raises DealUnknown, CorrectionWaiting, NothingToCorrect, NotSignedYet.
    """
    branch_id, deal, _ = deal_in_reach(tx, who, said["deal_id"])
    if views.waits(tx, who, deal.deal_id):
        raise rules.CorrectionWaiting
    before = Signing(deal.day, deal.signed_time, deal.amount)
    zone = ZoneInfo(zone_of(tx, who, branch_id))
    after = rules.wanted(before, said["deal_date"], said["signed_time"], said["amount"], tx.now(), zone)
    row = dict.fromkeys(deal_corrections.c.keys()) | asdict(after)
    row |= {f"{name}_before": value for name, value in asdict(before).items()}
    row |= {"id": tx.new_id(), "branch_id": branch_id, "deal_id": deal.deal_id, "reason": said["reason"]}
    row |= {"asked_by": who.actor_id, "asked_at": tx.now(), "state": State.ASKED.value, "version": 1}
    tx.execute(*scoped(deal_corrections, who).new(row))
    _tell(tx, who, row, DealCorrectionAsked, said["reason"])
    return str(row["id"])


def sign(tx: Transaction, who: Who, correction_id: str) -> None:
    """Somebody else signs a correction: the deal is so from now on, is booked again, and its record follows.

    Raises CorrectionUnknown, DealUnknown, SomebodyElseSigns or CorrectionDecided.
    """
    row, deal, version = _decide(tx, who, correction_id, State.SIGNED, None)
    changes = {"day": row["deal_date"], "signed_time": row["signed_time"], "amount": row["amount"]}
    correct_deal(tx, who, row["branch_id"], replace(deal, **changes, correction_id=correction_id), version + 1)
    announce_corrected(tx, who, deal.deal_id, row["deal_date"], row["amount"], version + 1)
    _tell(tx, who, row, DealCorrectionDecided, None)


def refuse(tx: Transaction, who: Who, correction_id: str, answer: str) -> None:
    """Somebody else refuses a correction, with a reason; the deal stays as it stands.

    Raises CorrectionUnknown, DealUnknown, SomebodyElseSigns or CorrectionDecided.
    """
    row, _, _ = _decide(tx, who, correction_id, State.REFUSED, answer)
    _tell(tx, who, row, DealCorrectionDecided, answer)


def forget_reasons(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> list[str]:
    """Forget why corrections of a customer's deals were asked for and refused, and tell; answers which those are."""
    found = tx.execute(views.of_customer(who, customer_id)).all()
    ids = [row.id for row in found]
    forgotten = scoped(deal_corrections, who).update().where(deal_corrections.c.id.in_(ids))
    tx.execute(forgotten.values(reason=None, answer=None))
    for row in found:
        ledger.erase_personal(tx, f"deal_correction/{row.id}")
        record(tx, DealCorrectionErased(row.id, branch_id), about("deal_correction", row.id, row.version, branch_id))
    return ids


def _decide(
    tx: Transaction, who: Who, correction_id: str, state: State, answer: str | None
) -> tuple[Mapping[str, Any], Deal, int]:
    """The correction as it stands then, its deal as it stood, and the deal's version; the deal is held first."""
    _, deal, version = deal_in_reach(tx, who, views.correction_of(tx, who, correction_id)["deal_id"])
    row = views.correction_of(tx, who, correction_id)
    rules.check_may_decide(State(row["state"]), row["asked_by"], who.actor_id)
    said = {"state": state.value, "decided_by": who.actor_id, "decided_at": tx.now(), "answer": answer}
    changes = said | {"version": row["version"] + 1}
    tx.execute(scoped(deal_corrections, who).update().where(deal_corrections.c.id == correction_id).values(changes))
    audit.note(tx, who, f"deal_correction.{state.value}", f"deal_correction/{correction_id}", row["branch_id"])
    return {**row, **changes}, deal, version


def _tell(
    tx: Transaction, who: Who, row: Mapping[str, Any] | RowMapping, fact: type[_DealCorrection], why: str | None
) -> None:
    """Announce a correction as it stands, and append it to the register; what somebody said stands apart, erasable."""
    personal = None if row["reason"] is None else Reasons(row["reason"], row["answer"])
    said = fact(correction_id=row["id"], personal=personal, **{name: row[name] for name in _PUBLIC})
    subject = about("deal_correction", row["id"], row["version"], row["branch_id"])
    told = {name: value for name, value in record(tx, said, subject).data.items() if name != "personal"}
    kind, hidden = fact.TYPE.removesuffix(".v1"), None if why is None else {"said": why}
    ledger.append(tx, chain_of(row["branch_id"]), kind, subject.subject, told | {"by": who.actor_id}, hidden)
