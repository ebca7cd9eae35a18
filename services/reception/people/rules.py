"""What reception needs to know of branches and people, and what it says when it does not know them."""


class UnknownBranch(Exception):
    """No open branch of this id has been heard of."""

    def __init__(self, branch_id: str | None) -> None:
        super().__init__(branch_id)
        self.branch_id = branch_id


class UnknownStaff(Exception):
    """Nobody of this id works at the branch, as far as has been heard."""

    def __init__(self, staff_id: str) -> None:
        super().__init__(staff_id)
        self.staff_id = staff_id


class ReasonNeeded(Exception):
    """What is done for somebody else, or after its time, goes on the record with a reason."""
