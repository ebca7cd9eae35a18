"""What can be wrong with a question to reporting, whatever is asked, and what is never told again."""

CLOSED = "成交"
FOREVER = 2**31 - 1
"""The sequence of what was erased: whatever is told of it afterwards, or comes late or again, is older."""


class BranchUnknown(Exception):
    """There is no such branch in the asker's reach."""

    def __init__(self, branch_id: str) -> None:
        super().__init__(branch_id)
        self.branch_id = branch_id
