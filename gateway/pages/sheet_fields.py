"""What the columns of sheets are called, in the reader's language."""

from gateway.pages.language import TEXTS, text

EXPORTED = (
    "code",
    "name",
    "phone",
    "customer_type",
    "grade",
    "key_account",
    "company",
    "industry",
    "province",
    "city",
    "district",
    "demand.purpose",
    "demand.budget",
    "demand.layout",
    "demand.area",
    "demand.preference",
    "demand.purchasing_power",
    "remarks",
    "details",
    "salesperson",
    "registered_on",
    "source",
)
"""Everything that can go out, in the order of the columns; `details` are the company's own fields."""


def title_of(name: str, otherwise: str = "") -> str:
    """What a field is called; `otherwise` for one of the company's own."""
    code = f"sheet_fields.{name.replace('.', '_')}"
    return text(code) if TEXTS.knows(code) else otherwise or name
