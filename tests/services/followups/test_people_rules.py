"""Which customers are one and the same."""

from hypothesis import given
from hypothesis import strategies as some

from services.followups.people.rules import winner_of

IDS = some.sampled_from("abcdef")


def test_merges_follow_each_other() -> None:
    """A customer merged into one that was merged itself is the last of them."""
    assert winner_of("a", {"a": "b", "b": "c"}) == "c"
    assert winner_of("c", {"a": "b", "b": "c"}) == "c"


@given(some.dictionaries(IDS, IDS), IDS)
def test_every_member_names_the_same_winner(aliases: dict[str, str], start: str) -> None:
    """Wherever one starts, and even should merges form a circle, all ids on the way say the same winner."""
    winner = winner_of(start, aliases)
    for _ in range(len(aliases) + 1):
        start = aliases.get(start, start)
        assert winner_of(start, aliases) == winner
