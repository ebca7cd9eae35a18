"""What reception says of branches and people that it does not know."""

import pytest

from services.reception.people.rules import UnknownBranch, UnknownStaff


@pytest.mark.parametrize("branch_id", ["east", None])
def test_a_refusal_says_which_branch_is_unknown(branch_id: str | None) -> None:
    """The branch that was asked for goes into the answer, or that none was."""
    refusal = UnknownBranch(branch_id)
    assert refusal.branch_id == branch_id
    assert str(refusal) == str(branch_id)


def test_a_refusal_says_who_is_unknown() -> None:
    """Whoever was asked for goes into the answer."""
    refusal = UnknownStaff("li")
    assert (refusal.staff_id, str(refusal)) == ("li", "li")
