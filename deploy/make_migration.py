"""`./run make-migration SERVICE "message"`: write the next migration of a service from what its tables say.

The difference is taken between the declared tables and a throw-away SQLite file that has every migration so far. Read
what was written before you commit it: a renamed column looks like one dropped and one added.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import RevisionContext
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import JSON, MetaData

from chassis.database.migration_connection import migrating
from chassis.database.migrations import declared_only, migrate, newest_in
from chassis.database.types import Instant
from chassis.database.upgrade import scripts_in
from deploy.catalogue import NAMES, folder_of, metadata_of

# Alembic writes the condition of a partial index that is one boolean column as a bare string, which it cannot run.
_BARE_CONDITION = re.compile(r"((?:sqlite|postgresql)_where=)('[^']+'|\"[^\"]+\")")


def main(arguments: list[str]) -> int:
    """Answers 0 when a migration was written, 1 when there is nothing to write."""
    parser = argparse.ArgumentParser(prog="./run make-migration", description=__doc__)
    parser.add_argument("service", choices=NAMES)
    parser.add_argument("message", help="what changes, in a few words")
    parser.add_argument("--redo", action="store_true", help="write the only migration anew (before a first release)")
    wanted = parser.parse_args(arguments)
    if wanted.redo:
        _remove_the_only(wanted.service)
    written = make_migration(wanted.service, wanted.message)
    print("nothing to write: the tables are as the migrations say" if written is None else f"wrote {written}")
    return 1 if written is None else 0


def make_migration(service: str, message: str) -> Path | None:
    """Write the next numbered migration; None when the tables are as the migrations say."""
    folder = folder_of(service) / "migrations"
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/scratch.db"
        if newest_in(folder):
            migrate(service, folder, metadata_of(service), url)
        return _write(folder, metadata_of(service), url, message)


def _write(folder: Path, metadata: MetaData, url: str, message: str) -> Path | None:
    scripts = scripts_in(folder)
    number = f"{newest_in(folder) + 1:04}"
    options = {"message": message, "rev_id": number, "autogenerate": True, "sql": False, "head": "head"}
    options |= {"splice": False, "branch_label": None, "version_path": str(folder / "versions"), "depends_on": None}
    revision = RevisionContext(Config(), scripts, options)

    def compare(current: Any, context: Any) -> list[Any]:
        revision.run_autogenerate(current, context)
        return []

    with migrating(url, 10) as connection, EnvironmentContext(Config(), scripts, fn=compare) as environment:
        environment.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=number != "0001",  # SQLite changes a table by rebuilding it; a new one needs no detour
            render_item=_render,
            include_name=declared_only(connection),
        )
        environment.run_migrations()
    if revision.generated_revisions[0].upgrade_ops.is_empty():  # type: ignore[union-attr]
        return None
    (script,) = list(revision.generate_scripts())
    return _tidied(Path(script.path)) if script else None


def _tidied(file: Path) -> Path:
    lines = file.read_text().splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.lstrip().startswith("# ###"))
    file.write_text(_BARE_CONDITION.sub(r"\1sa.text(\2)", kept))
    for arguments in (["check", "--quiet", "--fix", "--exit-zero"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(file)], check=True)  # noqa: S603
    return file


def _remove_the_only(service: str) -> None:
    written = sorted((folder_of(service) / "migrations" / "versions").glob("[0-9]*.py"))
    if len(written) > 1:
        raise SystemExit(f"{service} has {len(written)} migrations: only a single one can be written anew")
    for file in written:
        file.unlink()


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Instant):
        return "Instant()"
    return "Json" if kind == "type" and isinstance(item, JSON) else False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
