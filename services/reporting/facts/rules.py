"""What can be wrong with a question to reporting, whatever is asked."""

CLOSED = "成交"


class BranchUnknown(Exception):
    """There is no such branch in the asker's reach."""

    def __init__(self, branch_id: str) -> None:
        super().__init__(branch_id)
        self.branch_id = branch_id
