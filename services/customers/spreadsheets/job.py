"""The import and its trial as jobs: some rows per transaction, so nobody waits for long and a crash costs little."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from chassis.database.estimates import keep_estimates
from chassis.identity import Who, system
from chassis.jobs import Job, Task
from services.customers.files.rules import number_of
from services.customers.spreadsheets import actions, reader
from services.customers.spreadsheets.columns import Columns
from services.customers.spreadsheets.fates import Known
from services.customers.spreadsheets.reader import Sheet
from services.customers.spreadsheets.rules import Row
from services.customers.spreadsheets.taking_in import GROWN, Importing, import_some, steps_of, try_some
from services.customers.spreadsheets.values import plain, text_in
from services.customers.spreadsheets.views import columns_of, import_row

_SOME = 500


def run(task: Task) -> Mapping[str, Any]:
    """Import the sheet that the payload names. Done twice it adds nothing."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.database.read() as tx:
        wish = import_row(tx, who, task.payload["import_id"])
        if wish["content"] is None:  # it was finished, and then the process ended
            return {"rows": wish["total"]}
        columns = columns_of(tx, who, wish)
    sheet = reader.opened(wish["content"])
    importing = _importing(wish, greatest_code(sheet, columns))
    for lot, (so_far, rows) in enumerate(_some_at_a_time(sheet, columns), start=1):
        with task.write({"done": so_far, "of": wish["total"]}) as tx:
            import_some(tx, who, importing, rows, so_far)
            if lot & (lot - 1) == 0:  # as many again as before: with old estimates each lot reads the whole branch
                keep_estimates(tx, GROWN)
    with task.write() as tx:
        actions.finish_import(tx, who, importing.import_id)
    return {"rows": wish["total"]}


def run_trial(task: Task) -> Mapping[str, Any]:
    """Find out what would become of each row. One asked for again, begun or forgotten meanwhile stops."""
    who, import_id = system(task.database.service, task.payload["branch_id"]), task.payload["import_id"]
    with task.database.read() as tx:
        wish = import_row(tx, who, import_id)
        columns = columns_of(tx, who, wish)
    importing, known = _importing(wish, 0), Known()
    if not _is_wanted(wish, task):
        return {"rows": 0}
    with task.write() as tx:
        actions.forget_fates(tx, who, import_id)
    for so_far, rows in _some_at_a_time(reader.opened(wish["content"]), columns):
        with task.database.read() as tx:
            steps = steps_of(tx, who, importing, rows, known, to_the_end=True)
        with task.write({"done": so_far, "of": wish["total"]}) as tx:
            if not _is_wanted(import_row(tx, who, import_id, locked=True), task):
                return {"rows": so_far}
            try_some(tx, who, importing, steps, so_far)
    return {"rows": wish["total"]}


def forget(task: Task) -> Mapping[str, Any]:
    """Forget what nobody has come for: files that were never begun, and the cells of refused rows."""
    with task.write() as tx:
        return {"imports": actions.forget_old(tx, _keeper(task))}


def _keeper(task: Task) -> Who:
    return system(task.database.service, None)


def greatest_code(sheet: Sheet, columns: Columns) -> int:
    """The greatest number among codes of our own form; 0 when there are none."""
    place = next((place for place, field in enumerate(columns.fields) if field and field.name == "code"), None)
    if place is None:
        return 0
    codes = (plain(text_in(cells[place])).upper() for _, cells in sheet.filled() if place < len(cells))
    return max(map(number_of, codes), default=0)


def _is_wanted(wish: Mapping[Any, Any], task: Task) -> bool:
    return wish["trial_id"] == task.id and wish["job_id"] is None and wish["content"] is not None


def _importing(wish: Mapping[Any, Any], greatest: int) -> Importing:
    return Importing(wish["import_id"], wish["branch_id"], wish["sha256"], wish["total"], greatest)


def _some_at_a_time(sheet: Sheet, columns: Columns) -> Iterator[tuple[int, list[Row]]]:
    """Some rows, and how many they are with those before."""
    rows, so_far = sheet.rows(columns), 0
    while some := list(islice(rows, _SOME)):
        so_far += len(some)
        yield so_far, some


JOBS = (
    Job(actions.JOB, run),
    Job(actions.TRIAL, run_trial),
    Job("customers.import_forget", forget, every=timedelta(days=1)),
)
