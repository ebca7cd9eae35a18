"""The sheets of a workbook, opened by a program apart (`program.py` says why): this process sees its answers alone."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from chassis.sheets.limits import Cells, Limits, NotASheet, SheetEncrypted, SheetTooLarge
from chassis.sheets.program import HEAD, Part

_PROGRAM = Path(__file__).with_name("program.py")
_SECONDS = 15  # of a processor: several times what the largest sheet takes
_TURNS = BoundedSemaphore(2)
"""So many programs of this process run at once, each of which may take 300 MB; others wait, and these end by themselves
or with their seconds."""


@dataclass(frozen=True)
class Page:
    """One sheet, which can be gone through again: only some rows at a time are turned into cells."""

    parts: Sequence[bytes]

    def __iter__(self) -> Iterator[Cells]:
        for part in self.parts:
            yield from json.loads(part, object_hook=_cell)


def sheets_of(content: bytes, limits: Limits, seconds: int = _SECONDS) -> Iterator[Page]:
    """The sheets, each opened when it is asked for, all of them within so many seconds of a processor.

    Raises SheetTooLarge, NotASheet, SheetEncrypted.
    """
    with _TURNS, _program(limits, seconds) as program:
        answers, asked = _pipes(program)
        with suppress(BrokenPipeError), asked:  # it may have ended: its answer says why
            asked.write(content)
        while (page := _next_page(program, answers, limits)) is not None:
            yield page


@contextmanager
def _program(limits: Limits, seconds: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program, ended with the block. Nothing of our environment is its business, neither secrets nor Ctrl-C."""
    command = [sys.executable, "-I", str(_PROGRAM), str(limits.rows), str(limits.columns), str(seconds)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=pipe, stdout=pipe, stderr=nothing, env={}, start_new_session=True
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def _pipes(program: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert program.stdout is not None
    assert program.stdin is not None
    return program.stdout, program.stdin


def _next_page(program: subprocess.Popen[bytes], answers: IO[bytes], limits: Limits) -> Page | None:
    parts: list[bytes] = []
    while True:
        kind, said = _next_part(program, answers, limits)
        if kind is Part.SHEET:
            return Page(parts)
        if kind is Part.END:
            return None
        if kind is not Part.ROWS:
            raise _refusal(kind, limits)
        parts.append(said)


def _next_part(program: subprocess.Popen[bytes], answers: IO[bytes], limits: Limits) -> tuple[Part, bytes]:
    head = answers.read(HEAD.size)
    if len(head) == HEAD.size:
        kind, length = HEAD.unpack(head)
        said = answers.read(length)
        if len(said) == length:
            return Part(kind), said
    code = program.wait()
    if code < 0:  # a signal: it asked for more memory or time than it may have
        raise SheetTooLarge(limits)
    raise RuntimeError(f"the program that opens workbooks ended with {code}")


def _refusal(kind: Part, limits: Limits) -> Exception:
    if kind is Part.TOO_LARGE:
        return SheetTooLarge(limits)
    return SheetEncrypted() if kind is Part.ENCRYPTED else NotASheet()


def _cell(told: Mapping[str, Any]) -> date | datetime | time | timedelta:
    ((kind, said),) = told.items()
    if kind == "seconds":
        return timedelta(seconds=said)
    if kind == "datetime":
        return datetime.fromisoformat(said)
    return time.fromisoformat(said) if kind == "time" else date.fromisoformat(said)
