"""What of a visitor is shown to whom it is not (the product's own: the rule book knows no screens)."""


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
