"""Which systems this checkout has started, by port: so that other commands find their data folder."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".running"


@contextmanager
def noted(port: int, data: Path) -> Iterator[None]:
    """Note that the system on `port` keeps its data in `data`, while the block runs."""
    FOLDER.mkdir(exist_ok=True)
    note = FOLDER / f"{port}.json"
    note.write_text(json.dumps({"data": str(data.resolve())}), encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def data_folder_of(port: int | None) -> Path | None:
    """The data folder of the system on `port`, if this checkout started it."""
    note = FOLDER / f"{port}.json"
    if not note.exists():
        return None
    return Path(json.loads(note.read_text(encoding="utf-8"))["data"])
