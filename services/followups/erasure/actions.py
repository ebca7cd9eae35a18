"""Forgetting a person in every room, and in what was told of them."""

from datetime import datetime

from chassis import ledger
from chassis.database import Transaction
from chassis.identity import Who
from services.followups.corrections.actions import forget_reasons
from services.followups.people import copies
from services.followups.records.actions import forget_said, plan_customers


def forget(tx: Transaction, who: Who, branch_id: str, customer_id: str, at: datetime) -> None:
    """Nothing tells any more who this customer was: not a name, not what was said, not why a deal was corrected.

    Records, plans, deals and credit stay; nothing is due any more. Done again, or before anything was heard of the
    customer, it comes to the same. `at` is when the register erased them.
    """
    copies.keep_erased(tx, {"customer_id": customer_id, "branch_id": branch_id, "erased_at": at})
    told = [f"customer/{customer_id}"]
    told += [f"followup/{one}" for one in forget_said(tx, who, customer_id)]
    told += [f"deal_correction/{one}" for one in forget_reasons(tx, who, customer_id)]
    for subject in told:
        ledger.erase_personal(tx, subject)
    plan_customers(tx, who, branch_id, [customer_id])
