"""The entries of the frame's navigation, in their order; who may not open a page is not shown its entry."""

from dataclasses import dataclass

from chassis.identity import Who


@dataclass(frozen=True)
class Entry:
    """A page in the navigation: `name` is what the page calls itself as `active`, `words` its text's code."""

    name: str
    path: str
    words: str
    permission: str
    of_a_branch: bool = False

    def open_to(self, who: Who) -> bool:
        """Whether this person finds anything there."""
        return who.may(self.permission) and (who.branch_id is not None or not self.of_a_branch)


MENU = (
    Entry("hall", "/", "hall.title", "reception.see"),
    Entry("mine", "/mine", "mine.short", "reception.attend", of_a_branch=True),
    Entry("sheet", "/sheet", "sheet.short", "reporting.see"),
)


def menu_of(who: Who) -> list[Entry]:
    """What this person's navigation holds; a single page needs none."""
    found = [entry for entry in MENU if entry.open_to(who)]
    return found if len(found) > 1 else []
