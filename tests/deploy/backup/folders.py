"""Data folders and backups for tests, without a running system."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from chassis.database.migrations import migrate
from deploy.backup.archive import Shape, reading, writing
from deploy.catalogue import NAMES, folder_of, service


def data_folder(folder: Path) -> Path:
    """A single machine's folder with migrated, empty databases."""
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "inside-private.pem").write_text("private")
    (folder / "anchang.json").write_text(json.dumps({"format": 1, "clock": "system"}))
    for name in NAMES:
        url = f"sqlite:///{folder / name}.db"
        migrate(name, folder_of(name) / "migrations", service(name).metadata, url)
    return folder


def run(folder: Path, service_name: str, statement: str) -> None:
    """One statement on a service's file."""
    with closing(sqlite3.connect(folder / f"{service_name}.db", isolation_level=None)) as connection:
        connection.execute(statement)


def with_part(file: Path, name: str, content: bytes, shape: Shape = "single") -> Path:
    """The same backup with another content of one part (its digest is right), and of another shape."""
    other = file.with_name("other.tar")
    with reading(file) as archive, writing(other) as writer:
        for part in archive.contents.parts:
            writer.add(part, [content] if part == name else archive.pieces(part))
        writer.finish(shape, archive.contents.made_at, archive.contents.schemas)
    return other
