"""Forgetting a person in every room, and in what was told of them."""

from chassis.database import Transaction
from chassis.events.forgetting import forget_personal
from chassis.identity import Who
from chassis.web.idempotency import forget_answers
from services.followups.corrections.actions import forget_reasons
from services.followups.people import copies
from services.followups.plans.actions import lock_families
from services.followups.records.actions import forget_words, plan_customers


def forget(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> None:
    """Nothing tells any more who this customer was: not a name, not what was said, not why a deal was corrected.

    Records, plans, deals and credit stay; nothing is due any more. Done again, or before anything was heard of the
    customer, it comes to the same.
    """
    lock_families(tx, who, branch_id, [customer_id])  # whoever records or renames meanwhile waits, or is waited for
    copies.forget_customer(tx, customer_id)
    about_them = tx, who, branch_id, customer_id
    unnamed = [*forget_words(*about_them), *forget_reasons(*about_them)]  # what was told of these does not name them
    letters = [letter for one in (customer_id, *unnamed) for letter in forget_personal(tx, one)]
    forget_answers(tx, [customer_id, *unnamed, *letters])
    plan_customers(tx, who, branch_id, [customer_id])
