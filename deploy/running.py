"""Which systems this checkout has started, by port: so that other commands find their data folder."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.distributed.kept import answers

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
    return _data_in(note) if note.exists() else None


def systems() -> dict[Path, str]:
    """The data folders and addresses of the systems that run; a note whose system was killed does not count."""
    notes = sorted(FOLDER.glob("*.json"))
    return {_data_in(note): f"http://127.0.0.1:{note.stem}" for note in notes if answers(int(note.stem))}


def _data_in(note: Path) -> Path:
    return Path(json.loads(note.read_text(encoding="utf-8"))["data"])
