"""Packages that nobody thought of: whatever is in one, the answer is rows or a refusal."""

import warnings
from concurrent.futures import ProcessPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.chassis.sheets.apart import read
from tests.chassis.sheets.packages import MAIN, SHEET, packed, parts, shared, targets


def _mostly(usual: some.SearchStrategy[str], strange: list[str]) -> some.SearchStrategy[str]:
    """A strange one now and then: a package of strange parts alone is refused at the first."""
    return some.integers(0, 19).flatmap(lambda drawn: some.sampled_from(strange) if drawn == 0 else usual)


_PLACES = _mostly(
    some.sampled_from(["", "", ' r="A1"', " r='B2'", ' r="xfd1048576"', ' r="XFD1048576"', ' r="BH110000"', ' x="A9"']),
    [' r=""', ' r="A0"', ' r="A99999999999"', ' r="&#65;1"', ' r="&x;"', ' r="AAAAAAA1"', ' r="A1" r="A2"'],
)
_KINDS = some.sampled_from(["", ' t="s"', ' t="str"', ' t="b"', ' t="d"', ' t="e"', ' t="inlineStr"', " s='9'"])
_VALUES = _mostly(
    some.sampled_from(["<v>0</v>", "<v>1</v>", "<v></v>", "<v/>", "<is><t>x</t></is>", "<f>A1</f>", "<!-- <c/> -->"]),
    ["<v>1e999</v>", "<v>99999999999</v>", "<v>2020-02-30</v>", "<v>&x;</v>", "<v><c/></v>", "<v>0", "</c>"],
)
_CELLS = some.builds("<c{}{}>{}</c>".format, _PLACES, _KINDS, _VALUES)
_TIMES = some.sampled_from([1, 1, 1, 1, 2, 61, 5_000])
_ROWS = some.builds(
    lambda place, cells, times: f"<row{place}>{''.join(cells)}</row>" * times,
    _mostly(some.sampled_from(["", "", ' r="1"', ' r="109999"', ' r="1048576"']), [' r="4294967295"', ' r="x"']),
    some.lists(_CELLS, max_size=4),
    _TIMES,
)
_HEADS = _mostly(
    some.sampled_from(["", "\ufeff", '<?xml version="1.0" encoding="gb18030"?>', "<!-- <row> -->"]),
    ['<!DOCTYPE w [<!ENTITY x "A1">]>', '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "<!--", "<x>"],
)
_TARGETS = _mostly(
    some.sampled_from(["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "WORKSHEETS/sheet1.xml", "s.xml"]),
    ["../s.xml", "s.bin", ""],
)
_SHARED = some.builds(
    lambda texts, times: shared("".join(f"<si><t>{text}</t></si>" for text in texts) * times),
    some.lists(some.sampled_from(["x", "", "_x0041_", "x" * 30_000])),
    _TIMES,
)
_OTHERS = ["xl/sharedStrings.xml", "xl/styles.xml", "docProps/app.xml"]
_BREAKING = ["xl/workbook.bin", "content.xml", "xl/workbook.xml", "_rels/.rels", SHEET]
_CHANGES = some.lists(some.tuples(some.integers(0), some.integers(0, 255)), max_size=2)


@some.composite
def _packages(draw: some.DrawFn) -> bytes:
    rows = "".join(draw(some.lists(_ROWS, min_size=1, max_size=3)))
    xml = f'{draw(_HEADS)}<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    if draw(some.booleans()):
        xml = xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:!", "<!").replace("<x:?", "<?")
    part = xml.encode(draw(_mostly(some.just("utf-8"), ["utf-16", "gb18030"])))
    every = [*(parts("") | targets(*draw(some.lists(_TARGETS, min_size=1, max_size=3)))).items(), (SHEET, part)]
    every += [(draw(_mostly(some.sampled_from(_OTHERS), _BREAKING)), draw(_SHARED)), ("xl/s.xml", xml)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two parts of one name are meant
        content = bytearray(packed(every))
    for place, value in draw(some.just([]) | _CHANGES):
        content[place % len(content)] = value
    return bytes(content)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=_packages())
def test_whatever_the_package_is_the_reader_lives(process: ProcessPoolExecutor, content: bytes) -> None:
    """Rows or one of our refusals, in a process with 1.5 GB: no other exception, no signal."""
    answer = process.submit(read, content).result()
    assert isinstance(answer, list | type)
