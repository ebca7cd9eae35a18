"""A question about customers, and where one goes from its list: further, in another order, with less, to change it.

What holds no word that was typed has an address, which may be kept and loaded again; all else is sent as a form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from chassis.web import the_asker
from gateway.pages.company import Company
from gateway.pages.customer_forms import path_of
from gateway.pages.inside import Reply, ask
from gateway.pages.language import text
from gateway.pages.search_fields import SearchFields
from gateway.pages.search_form import SORTS, Pair, Sent, address_of, pairs_of, question_in
from gateway.pages.search_words import parts_of, sentence

SEARCH, CONDITIONS, SAVED = "/customers/search", "/customers/search/conditions", "/customers/searches"
_SHORTCUTS = 6


@dataclass(frozen=True)
class Way:
    """Where a tap leads and what goes along: in the `address`, or (None) in a form to `path`."""

    path: str
    pairs: Sequence[Pair]
    address: str | None
    words: str = ""
    here: bool = False


class Search:
    """A question, in the words of `fields`; `saved` is the search that it was opened from."""

    def __init__(
        self, question: Mapping[str, Any], fields: SearchFields, saved: Mapping[str, Any] | None = None
    ) -> None:
        self.question, self.fields, self.saved = question, fields, saved
        self.pairs = pairs_of(question, fields.named)

    @property
    def sort(self) -> str:
        """As an address has it."""
        return f"{'-' if self.question['descending'] else ''}{self.question['sort']}"

    @property
    def sentence(self) -> str:
        """All that is looked for."""
        return sentence(self.question, self.fields.named)

    @property
    def changing(self) -> Way:
        """To the form, with all that is asked."""
        return self._way(CONDITIONS, self.pairs)

    @property
    def alone(self) -> Way:
        """To the list of this question, saved or not."""
        return self._way(SEARCH, self.pairs)

    def parts(self) -> Iterator[tuple[str, Way]]:
        """Each thing that is asked, with the way to the list without it."""
        for left, phrase in parts_of(self.question, self.fields.named):
            yield phrase, Search(left, self.fields).alone

    def sorts(self) -> Iterator[Way]:
        """The orders to choose, the present one marked."""
        for sort in dict.fromkeys((*SORTS, self.sort)):
            yield self._listed([("sort", sort)], text(f"search.sorts.{sort}"), sort == self.sort)

    def further(self, after: str) -> Way:
        """The next page."""
        return self._listed([("sort", self.sort), ("after", after)])

    def _listed(self, beside: list[Pair], words: str = "", here: bool = False) -> Way:
        if self.saved:
            return self._way(page_of(self.saved["search_id"]), beside, words, here)
        return self._way(SEARCH, [pair for pair in self.pairs if pair[0] != "sort"] + beside, words, here)

    def _way(self, path: str, pairs: list[Pair], words: str = "", here: bool = False) -> Way:
        return Way(path, pairs, address_of(path, pairs, self.fields.named), words, here)


def page_of(search_id: str) -> str:
    """Where a saved search is opened."""
    return f"{SAVED}/{quote(search_id, safe='')}"


def fields_for(company: Company, sent: Sent) -> SearchFields:
    """The fields of the reader's branch, or of the one that alone is chosen."""
    chosen = sent.getlist("branch_id")
    only = chosen[0] if len(chosen) == 1 and chosen[0] in company.branches else the_asker().branch_id
    return SearchFields(company, only)


def saved_page(limit: int, after: str | None = None) -> Reply:
    """Saved searches, one's own and those shared with one, by name."""
    return ask(path_of("searches"), limit=limit, after=after)


def ways_from_the_list(company: Company) -> dict[str, Any]:
    """What the list of all customers leads to: other orders, and saved searches."""
    nothing: Sent = MultiDict()
    fields = fields_for(company, nothing)
    saved = saved_page(_SHORTCUTS)
    shortcuts = [(one["name"], page_of(one["search_id"])) for one in saved.body["items"]] if saved.ok else []
    more = saved.ok and saved.body["next_after"] is not None
    return {"search": Search(question_in(nothing, fields.named), fields), "shortcuts": shortcuts, "has_more": more}
