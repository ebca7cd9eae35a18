"""What of a visitor is shown to whom it is not, and kept of whom was erased (the product's own)."""

from datetime import datetime
from typing import Any

FOREVER = 2**31 - 1
"""The sequence of what was erased: whatever is told of it afterwards, or comes late or again, is older."""


def masked_phone(phone: str | None) -> str | None:
    """+8613812341234 → 138****1234; of any other phone only the last four digits remain."""
    if phone is None:
        return None
    digits = phone.removeprefix("+86") if phone.startswith("+86") else phone
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-4:]}"


def masked_name(name: str | None) -> str | None:
    """王小明 → 王**: enough to ask by, too little to know."""
    return name and f"{name[0]}{'*' * (len(name) - 1)}"


def nobody(customer_id: str, branch_id: str, erased_at: datetime) -> dict[str, Any]:
    """The copy of a customer who was erased: nobody's, and nothing replaces it."""
    known = dict.fromkeys(("phone", "name", "code", "owner_id"))
    whose = {"customer_id": customer_id, "branch_id": branch_id, "registered_at": erased_at}
    return whose | known | {"active": False, "sequence": FOREVER}
