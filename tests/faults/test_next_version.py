"""The next version's schema under the present code, with traffic; then the next version's code, and back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.opening import more_answers, open_doors
from tests.faults.totals import agree_on
from tests.journeys.system import ROOT, Distributed, on_the_ground, running_distributed

pytestmark = pytest.mark.system
_MIGRATION = '''"""a visitor's number, and who called it"""

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{newest}"
branch_labels = depends_on = None
OLDEST_CODE = {served}
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.add_column("receptions", sa.Column("visitor_number", sa.Integer, nullable=True))
    op.create_index("receptions_by_number", "receptions", ["hall_id", "visitor_number"])
    op.create_table(
        "calls",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("branch_id", sa.String(36), nullable=False),
        sa.Column("reception_id", sa.String(36), sa.ForeignKey("receptions.id"), nullable=False),
    )
'''


@pytest.fixture(scope="module")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code that is one migration of reception ahead, and reads and writes the new column."""
    root = tmp_path_factory.mktemp("next") / "code"
    root.mkdir()
    for name in ("chassis", "services", "gateway", "deploy", "contracts"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    reception = root / "services" / "reception"
    versions = reception / "migrations" / "versions"
    newest = len(list(versions.glob("0*.py")))
    migration = _MIGRATION.format(newest=f"{newest:04}", next=f"{newest + 1:04}", served=newest)
    (versions / f"{newest + 1:04}_numbers.py").write_text(migration, encoding="utf-8")
    tables = reception / "receptions" / "tables.py"
    column = '    Column("party_size", Integer, nullable=False),\n'
    text = tables.read_text(encoding="utf-8")
    assert text.count(column) == 1
    tables.write_text(text.replace(column, f'{column}    Column("visitor_number", Integer),\n'), encoding="utf-8")
    return root


def _migrate(root: Path, database: str) -> None:
    command = [sys.executable, "-m", "chassis.processes", "migrate", "services.reception"]
    environment = os.environ | {"PYTHONPATH": str(root), "ANCHANG_DATABASE_URL": database}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _restart(system: Distributed, *names: str) -> None:
    """Have these processes end and come again, as an update of one machine after the other does."""
    for name in names:
        os.kill(system.parts()[name].pid or 0, 15)
        system.hear(f"{name} runs again")


def test_the_present_code_serves_while_the_next_schema_is_in_place(tmp_path: Path, next_version: Path) -> None:
    """Not one answer is a 5xx while the schema moves ahead under traffic; new code starts on it, and old code again."""
    data = tmp_path / "data"
    with on_the_ground() as settings:
        with running_distributed(data, environment=settings) as present:
            with open_doors(present) as visitors:
                more_answers(visitors, 10)
                _migrate(next_version, _reception(settings))
                more_answers(visitors, 10)
            _restart(present, "reception-web", "reception-worker")
            day = next(iter(visitors.answered.values()))["local_day"]
            agree_on(present, len(visitors.answered), day)
        served = len(visitors.answered)
        for root in (next_version, ROOT):
            with running_distributed(data, environment=settings, root=root) as system:
                with open_doors(system, first=served) as more:
                    more_answers(more, 5)
                served += len(more.answered)
                agree_on(system, served, day)


def _reception(settings: dict[str, str]) -> str:
    server = settings["ANCHANG_POSTGRES_URL"].rsplit("/", 1)[0]
    return f"{server}/{settings['ANCHANG_DATABASE_PREFIX']}_reception"
