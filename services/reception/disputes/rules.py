"""Conflicts between colleagues (同事冲突, 一.2): reported by either side, settled by who leads on site."""


class UnknownDispute(Exception):
    """There is no such dispute within reach."""


class NobodyElse(Exception):
    """A dispute is with somebody else."""


class DisputeDecided(Exception):
    """The dispute is decided already."""


def check_sides(reporter_id: str, other_id: str) -> None:
    """Raises NobodyElse."""
    if reporter_id == other_id:
        raise NobodyElse


def is_a_side(actor_id: str, reporter_id: str, other_id: str) -> bool:
    """Whether this is one of the two who are at odds."""
    return actor_id in (reporter_id, other_id)
