"""Conflicts between colleagues (一.2): who they are between."""

import pytest

from services.reception.disputes.rules import NobodyElse, check_sides, is_a_side


def test_nobody_is_at_odds_with_themselves() -> None:
    """A conflict is with somebody else, whoever reports it."""
    check_sides("li", "zhao")
    with pytest.raises(NobodyElse):
        check_sides("li", "li")


@pytest.mark.parametrize(("actor", "is_one"), [("li", True), ("zhao", True), ("chen", False)])
def test_both_are_sides(actor: str, is_one: bool) -> None:
    """Who reported and who was named are the two, and nobody else."""
    assert is_a_side(actor, "li", "zhao") is is_one
