"""Sheets of customers in and out: the service's own jobs, against the least that reads, stores or writes the same rows.

An import is held against storing bare what its rows become (decision 0031). Each job runs in a process of its own,
whose greatest memory is measured, with that of what it starts. Of a hundred rows five repeat a phone that is known and
two are refused.
"""

import io
import multiprocessing
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import make_url, select

from benchmarks.__main__ import Figure
from benchmarks.ground import Servers, servers
from benchmarks.memory import family_of
from benchmarks.stored_bare import stored_bare
from chassis.database import Database
from chassis.identity import system
from chassis.jobs import JobLoop
from chassis.workbooks import Column, write_table
from deploy.backup.postgres_programs import plain
from services.customers.app import SERVICE
from services.customers.exports import actions as exporting
from services.customers.exports.rules import FIELDS
from services.customers.exports.tables import exports
from services.customers.spreadsheets import actions as importing
from services.customers.spreadsheets.schemas import SheetSchema
from tests.services import synthetic as say
from tests.services.customers.house import HEADQUARTERS
from tests.services.synthetic import EAST, deliver

ROWS, FEWER, SHOWN = 100_000, 5_000, 20_000
_FEWER_IN = 2.5  # seconds
_AT_ONCE = 500  # rows in a transaction, as the job has them
_TITLES = "姓名 电话 客户类型 等级 公司 行业 省 市 区 用途 预算 户型 面积 偏好 业务员".split()
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国"
_SAID = (
    "一般客户",
    "B",
    "某某贸易公司",
    "贸易",
    "浙江省",
    "杭州市",
    "西湖区",
    "自住",
    "200万",
    "三居",
    "120",
    "朝南",
    "li",
)


@dataclass(frozen=True)
class Took:
    """Seconds, and the most memory that the process had, in MB."""

    seconds: float
    memory: float


def figures() -> Iterator[Figure]:
    """On a file always, on PostgreSQL where the machine has it."""
    with servers(broker=False) as ground:
        yield from _file(ground)
        if ground.postgres:
            yield from _postgres(ground)


def _file(ground: Servers) -> Iterator[Figure]:
    few, many = _sheet(FEWER), _sheet(ROWS)
    yield _at_most(
        f"SQLite: import {FEWER:,} rows .xlsx", _apart(_import, ground.sqlite_url("few"), few).seconds, _FEWER_IN, "s"
    )
    url = ground.sqlite_url("customers")
    took = _apart(_import, url, many)
    bare = _calamine(many, lambda rows: _executemany(ground, rows))
    yield _taken_in("SQLite", took.seconds, stored_bare(url, ground.sqlite_url("stored"), ROWS, _AT_ONCE), bare)
    yield _at_most(f"SQLite: import {ROWS:,} rows .xlsx, memory", took.memory, 350, "MB")
    took, bare = _apart(_export, url, ROWS), _xlsxwriter(ROWS)
    yield _times(f"SQLite: export {ROWS:,} rows .xlsx", took.seconds, bare, 1.5)
    yield _at_most(f"SQLite: export {ROWS:,} rows .xlsx, memory", took.memory, 150, "MB")
    yield _at_most(f"SQLite: export {SHOWN:,} rows .xlsx", _apart(_export, url, SHOWN).seconds, 1.1, "s")


def _postgres(ground: Servers) -> Iterator[Figure]:
    few, many, url = _sheet(FEWER), _sheet(ROWS), ground.postgres_url()
    seconds = _apart(_import, ground.postgres_url(), few).seconds
    yield _at_most(f"PostgreSQL: import {FEWER:,} rows .xlsx", seconds, _FEWER_IN, "s")
    took = _apart(_import, url, many)
    bare = _calamine(many, lambda rows: _copy(ground.postgres_url(), rows))
    yield _taken_in("PostgreSQL", took.seconds, stored_bare(url, ground.postgres_url(), ROWS, _AT_ONCE), bare)
    yield _at_most(f"PostgreSQL: import {ROWS:,} rows .xlsx, memory", took.memory, 350, "MB")
    took, bare = _apart(_export, url, ROWS), _xlsxwriter(ROWS)
    yield _times(f"PostgreSQL: export {ROWS:,} rows .xlsx", took.seconds, bare, 1.5)


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    draw = random.Random(count)
    for number in range(count):
        phone = f"138{number - 3 if number % 20 == 7 else number:08d}"
        name = draw.choice(_SURNAMES) + "".join(draw.choices(_GIVEN, k=2))
        yield name, "1380" if number % 50 == 9 else phone, *_SAID


def _sheet(count: int) -> bytes:
    made = io.BytesIO()
    write_table(made, "客户", [Column(title) for title in _TITLES], _rows(count))
    return made.getvalue()


def _apart(do: Callable[[str, Any], float], url: str, what: Any) -> Took:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        pid, measured, most = process.submit(os.getpid).result(), process.submit(_measured, do, url, what), 0.0
        while not wait([measured], timeout=0.1).done:
            with suppress(OSError, StopIteration):  # one that it started has just ended
                most = max(most, family_of(pid))
        took = measured.result()
        return replace(took, memory=max(most, took.memory))


def _measured(do: Callable[[str, Any], float], url: str, what: Any) -> Took:
    seconds = do(url, what)
    return Took(seconds, _most_memory())


def _most_memory() -> float:
    """MB. Of this program alone: what getrusage says begins with what its parent had."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _import(url: str, content: bytes) -> float:
    """From the file's arrival to the last row's fate."""
    with closing(Database(url, "customers")) as database:
        SERVICE.metadata.create_all(database.engine)
        deliver(database, SERVICE.consumers, [say.branch(EAST), say.staff("li", 1)])
        began = perf_counter()
        upload = importing.Upload(**SheetSchema().load({"file": _File(content)}))
        with database.write() as tx:
            importing.request_import(tx, system("customers", EAST), upload, EAST)
        JobLoop(database, SERVICE.jobs).run_due()
        return perf_counter() - began


class _File:
    """What a browser sends."""

    filename = "customers.xlsx"

    def __init__(self, content: bytes) -> None:
        self.stream = io.BytesIO(content)


def _export(url: str, wanted: int) -> float:
    """From the wish to the finished file: of so many customers, or as long as it would take for them."""
    language = exporting.Language({name: name for name in FIELDS}, True, dict.fromkeys(_WORDS, "x"))
    who = replace(HEADQUARTERS, role="headquarters")
    with closing(Database(url, "customers")) as database:
        began = perf_counter()
        with database.write() as tx:
            export_id = exporting.request_export(tx, who, _EVERYBODY, language)
        with database.write() as tx:
            tx.execute(exports.update().values(most_rows=wanted))
        JobLoop(database, SERVICE.jobs).run_due()
        seconds = perf_counter() - began
        with database.read() as tx:
            rows: int = tx.execute(select(exports.c.rows).where(exports.c.export_id == export_id)).scalar_one()
        return seconds * wanted / rows


_EVERYBODY: dict[str, Any] = {"text": None, "conditions": [], "sort": "registered", "descending": True}
_WORDS = ("customers", "yes", "no", "reception", "import", "person")


def _calamine(content: bytes, store: Callable[[list[list[Any]]], None]) -> float:
    began = perf_counter()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    store(sheet.to_python()[1:])
    return perf_counter() - began


def _executemany(ground: Servers, rows: list[list[Any]]) -> None:
    file = make_url(ground.sqlite_url("bare")).database or ""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"CREATE TABLE bare ({', '.join(f'c{n} TEXT' for n in range(len(_TITLES)))})")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(_TITLES))})", rows)
        connection.execute("COMMIT")


def _copy(url: str, rows: list[list[Any]]) -> None:
    with psycopg.connect(plain(url)) as connection:
        connection.execute(f"CREATE TABLE bare ({', '.join(f'c{n} TEXT' for n in range(len(_TITLES)))})")
        with connection.cursor().copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _xlsxwriter(count: int) -> float:
    """As many cells of text as an export has."""
    began = perf_counter()
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    for number in range(count):
        for place in range(len(FIELDS)):
            page.write_string(number, place, "一般客户")
    book.close()
    return perf_counter() - began


def _times(name: str, seconds: float, bare: float, most: float) -> Figure:
    ratio = seconds / bare
    return Figure(
        figure=name,
        value=round(seconds, 2),
        unit="s",
        reference=round(bare, 2),
        ratio=round(ratio, 2),
        reach=f"<= {most:g} x",
        holds=ratio <= most,
    )


def _taken_in(kind: str, seconds: float, stored: float, bare: float) -> Figure:
    """As fast as few rows must be, against storing alone what came of them (decision 0031)."""
    told = f"{stored:.1f} s, {stored / bare:.1f} × of reading them into one table in {bare:.2f} s"
    print(f"{kind}: storing what {ROWS:,} rows become, nothing decided: {told}")
    most = _FEWER_IN * ROWS / FEWER
    return Figure(
        figure=f"{kind}: import {ROWS:,} rows .xlsx",
        value=round(seconds, 2),
        unit="s",
        reference=round(stored, 2),
        ratio=round(seconds / stored, 2),
        reach=f"<= {most:g} s",
        holds=seconds <= most,
    )


def _at_most(name: str, value: float, most: float, unit: str) -> Figure:
    return Figure(
        figure=name,
        value=round(value, 2),
        unit=unit,
        reference=None,
        ratio=None,
        reach=f"<= {most:g} {unit}",
        holds=value <= most,
    )
