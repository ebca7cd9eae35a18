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
    begun = note.with_suffix(".new")  # whoever looks meanwhile reads all of it or nothing
    begun.write_text(json.dumps({"data": str(data.resolve())}), encoding="utf-8")
    begun.replace(note)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def data_folder_of(port: int | None) -> Path | None:
    """The data folder of the system on `port`, if this checkout started it."""
    return _data_in(FOLDER / f"{port}.json")


def systems() -> dict[Path, str]:
    """The data folders and addresses of the systems that run; a note whose system was killed does not count."""
    notes = [note for note in sorted(FOLDER.glob("*.json")) if answers(int(note.stem))]
    folders = ((_data_in(note), note.stem) for note in notes)
    return {folder: f"http://127.0.0.1:{port}" for folder, port in folders if folder}


def _data_in(note: Path) -> Path | None:
    """None when there is no note, or none any more: its system may stop at any moment."""
    try:
        written = note.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Path(json.loads(written)["data"])
