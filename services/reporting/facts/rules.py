"""What can be wrong with a question to reporting, whatever is asked, and what is never told again."""

from collections.abc import Mapping

CLOSED = "成交"
USUAL: Mapping[str, frozenset[str]] = {
    "method": frozenset("现场跟进 电话 微信 邮件 拜访 视频".split()),
    "intent": frozenset("有意向徘徊犹豫 确定购买意向".split()),
    "result": frozenset((CLOSED, "未成交")),
    "salesperson_name": frozenset(),
}
"""The words of a follow-up that are facts, by what they say; others are somebody's own, about the customer."""
FOREVER = 2**31 - 1
"""The sequence of what was erased: whatever is told of it afterwards, or comes late or again, is older."""


class BranchUnknown(Exception):
    """There is no such branch in the asker's reach."""

    def __init__(self, branch_id: str) -> None:
        super().__init__(branch_id)
        self.branch_id = branch_id
