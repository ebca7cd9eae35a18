"""What is compared with what: plain texts, their grams, and where one wrong character may stand."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import add

MOST_COUNTED = 1000
"""So many hits are counted; of more it is said that there are more."""

FEW = 10
"""Where fewer customers than this are found as typed, those with one wrong character follow."""

MOST_NEAR = 100
"""So many customers at most are shown with one wrong character."""

MOST_COMPARED = 300
"""For each way of a wrong character so many customers at most are compared: where more have what is left by it, it
tells too little, and not all who are near are found.
"""

_READING_BY_INDEX = 3
"""Rows in a row of the list are read in the time of one that the index names."""

_SHORTEST_NEAR_DIGITS = 7  # of shorter numbers every second one is near
_SHORTEST_NEAR_LETTERS = 4
_SHORTEST_NEAR = 3
_LONGEST_NEAR = 15  # whole phones of all countries
_WAYS_OF_DIGITS = 3
MOST_TOGETHER = -(-_LONGEST_NEAR // _WAYS_OF_DIGITS)
"""So many places of a wrong character go together at most."""

_TELL_MORE = (3, 7)  # so many letters tell more than one, and than two
_BETWEEN = "…"
_MOST_MET = 65_536  # characters whose plain form is kept
_LAST_DIGITS = 4  # what stays readable of a masked phone
_WHOLE_PHONE = 11


@dataclass(frozen=True)
class Listed:
    """A customer as far as lists need to know: who sees them, and where they stand."""

    customer_id: str
    branch_id: str
    owner_id: str | None
    registered_at: datetime
    active: bool


@dataclass(frozen=True)
class Says:
    """What one part of a customer's file can be found by; what is not known is None.

    `names` of persons, `words` whose reading counts as well (a company), `codes` as they stand, `phones`.
    """

    names: Sequence[str | None] = ()
    words: Sequence[str | None] = ()
    codes: Sequence[str | None] = ()
    phones: Sequence[str | None] = ()


@dataclass(frozen=True)
class Sought:
    """What somebody looks for, in plain form: a part of any text, of a phone that they read what it holds (`phone`), of
    one that they read masked how it ends (`ending`).

    `reads_phones`: every phone within their reach, not only those of their own customers. `within`: the branch, where
    its own list in the index narrows what is read. `among_many`: of so many customers that some lists of the index are
    too long to be read.
    """

    plain: str
    text: str | None
    phone: str
    reads_phones: bool
    within: str | None = None
    among_many: bool = False

    @property
    def ending(self) -> str | None:
        """How a masked phone ends that is found: by its last four digits, also by who types a whole one.

        The mask shows these; any other part would tell the hidden digits to anyone who tries, and so would the whole.
        """
        shown = len(self.plain) == _LAST_DIGITS or len(self.plain) >= _WHOLE_PHONE
        return f"{self.plain[-_LAST_DIGITS:]}\n" if shown and self.plain.isdigit() else None

    @property
    def nearly(self) -> str | None:
        """The text that may have one wrong character; None: it is to be found as it is."""
        return self.text if self.text is not None and has_near(self.text) else None

    @property
    def grams(self) -> set[str]:
        """What the index is asked for, which must be there in every text and phone that may be meant."""
        by_ending = self.ending and not self.reads_phones
        return grams_needed(self.plain[-_LAST_DIGITS:] if by_ending else self.plain)


def sought(text: str, reads_phones: bool) -> Sought | None:
    """What is typed into the one box; None when it holds no letter and no digit."""
    wanted = plain(text)
    return Sought(wanted, wanted, wanted, reads_phones) if wanted else None


def sought_phone(digits: str, reads_phones: bool) -> Sought:
    """A whole phone, or its last digits."""
    return Sought(digits, None, f"{digits}\n", reads_phones)


def plain(text: str) -> str:
    """Letters and digits only, in one case and one width, without accents: what is compared when people search.

    It goes character by character, so that part of a text is part of its plain form.
    """
    return text.translate(_PLAIN)


def apart(text: str) -> str:
    """The same with a blank for whatever is left out, so that it shows where words and numbers end."""
    return text.translate(_APART)


class _Plain(dict[int, str]):
    """What each character is in plain form, found out when it is first met; `instead` of what is left out."""

    def __init__(self, instead: str = "") -> None:
        super().__init__()
        self._instead = instead

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        written = "".join(one for one in folded if one.isalnum()) or self._instead
        if len(self) < _MOST_MET:
            self[code] = written
        return written


_PLAIN, _APART = _Plain(), _Plain(" ")


def grams_of(texts: Iterable[str]) -> set[str]:
    """Every run of one or two characters of these texts, of three where they are letters of ours and digits, and every
    two Chinese characters with one between them.

    Two Chinese characters tell people apart; two digits or two letters of a reading do not.
    """
    found: set[str] = set()
    for text in texts:
        pairs = list(map(add, text, text[1:]))
        found.update(text, pairs, _of_three(text, pairs))
    return found


def _of_three(text: str, pairs: Iterable[str]) -> Iterable[str]:
    if text.isascii():
        return map(add, pairs, text[2:])
    threes = zip(pairs, text[2:], strict=False)
    return (
        gram
        for pair, three in threes
        for gram in ([pair + three] if (pair + three).isascii() else _across(pair[0], three))
    )


def _across(before: str, after: str) -> list[str]:
    """The gram of two Chinese characters with one between them."""
    return [] if before.isascii() or after.isascii() else [f"{before}{_BETWEEN}{after}"]


def grams_needed(text: str) -> set[str]:
    """Grams that whatever contains `text` (plain, not empty) has: as few as cover it, for each is a list to be read.

    Of letters they share one: a reading is made of syllables, and che, enw, wei tell chenwei from others that have
    che, nwe, wei apart from each other.
    """
    return _cover(text, 2 if text.isascii() and text.isalpha() else _longest_gram(text))


def _cover(text: str, step: int) -> set[str]:
    """Grams at every so many characters, and the last one."""
    length = min(_longest_gram(text), len(text))
    last = len(text) - length
    return {text[start : start + length] for start in (*range(0, last, step), last)}


def _longest_gram(text: str) -> int:
    return 3 if text.isascii() else 2


def stands_thinly(wanted: int, held: int, middle: float, last: int) -> bool:
    """Whether all who hold what is sought are read sooner than what the list has down to the `wanted` first of them.

    Judged by rows' numbers, which are given in the order of arrival and end with `last`: some `held` of those who hold
    it stand at `middle` on average.
    """
    reached = 2 * middle
    in_list, in_index = wanted * reached / held, held * last / reached
    return in_index * _READING_BY_INDEX < in_list


def has_near(text: str) -> bool:
    """Whether one character of it may be wrong: a phone, or a name of some length; codes all are near each other."""
    if text.isdigit():
        shortest = _SHORTEST_NEAR_DIGITS
    elif text.isascii():
        shortest = _SHORTEST_NEAR_LETTERS
    else:
        shortest = _SHORTEST_NEAR
    return shortest <= len(text) <= _LONGEST_NEAR and (text.isdigit() or text.isalpha())


@dataclass(frozen=True)
class Damage:
    """One way of having a wrong character: what around it is right, where it may stand, and the grams left by it."""

    intact: tuple[str, ...]
    wrong: range
    grams: frozenset[str]


def damages(text: str) -> list[Damage]:
    """Every way in which one character of `text` can be wrong; of digits and letters, a few ways together.

    张三丰: 三丰 is right, or 张 and 丰 with one between them, or 张三. Two ways are looked at as one where the grams
    left by one of them find both: zha finds what has zhan as well.
    """
    first, *others = (_damage(text, place) for place in _places_together(text))
    ways = [first]
    for way in others:
        both = _damage(text, range(ways[-1].wrong.start, way.wrong.stop))
        if both.grams in (ways[-1].grams, way.grams) and len(both.wrong) <= MOST_TOGETHER:
            ways[-1] = both
        else:
            ways.append(way)
    return ways


def _places_together(text: str) -> Iterator[range]:
    """The places, some together where what is left still tells few customers from all."""
    first = 0
    while first < len(text):
        most = -(-len(text) // _WAYS_OF_DIGITS) if text.isdigit() else 2
        longest = max(first, len(text) - first - most)
        together = most if text.isdigit() or (text.isascii() and longest >= _TELL_MORE[1]) else 1
        yield range(first, min(first + together, len(text)))
        first += together


def _damage(text: str, wrong: range) -> Damage:
    """Pieces that nearly all have are not looked up beside longer ones: their lists are the longest."""
    before, after = text[: wrong.start], text[wrong.stop :]
    intact = tuple(filter(None, (before, after)))
    across = _across(before[-1], after[0]) if before and after and len(wrong) == 1 else []
    longest = max((len(piece) for piece in intact if piece.isascii()), default=0)
    least = {True: sum(longest >= much for much in _TELL_MORE) + 1, False: 2 if across else 1}
    enough = [piece for piece in intact if len(piece) >= least[piece.isascii()]]
    return Damage(intact, wrong, frozenset(across).union(*map(_grams_telling, enough)))


def _grams_telling(piece: str) -> set[str]:
    """Of letters as few as can be, the last one left out where it tells one letter more: what is found is compared."""
    tells_one = piece.isascii() and piece.isalpha() and len(piece) % 3 == 1 and len(piece) > 1
    return _cover(piece[:-1] if tells_one else piece, _longest_gram(piece))


def forms_of_phone(phone: str) -> list[str]:
    """The digits of a phone in E.164, and of a Chinese landline also as it is dialled: 862168881234, 02168881234."""
    digits = plain(phone)
    at_home = digits.removeprefix("86")
    is_landline = phone.startswith("+86") and not at_home.startswith("1")
    return [digits, f"0{at_home}"] if is_landline else [digits]
