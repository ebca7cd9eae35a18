"""pg_dump and pg_restore: which one fits a server, and running it without a password on its command line."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from deploy.backup.archive import pieces_of
from deploy.backup.refusals import Refused

_INSTALLED = Path("/usr/lib/postgresql")


def find(name: str, server: int, installed: Path = _INSTALLED) -> Path:
    """The program of the server's own major version, else the next newer one; raises Refused when all are older."""
    programs = {_version(program): program for program in _programs(name, installed)}
    fitting = [version for version in programs if version >= server]
    if not fitting:
        raise Refused("no_program", program=name, newest=max(programs, default="–"), server=server)
    return programs[min(fitting)]


def dump(url: str, server: int, snapshot: str) -> Generator[bytes, None, None]:
    """The database as the snapshot shows it, in pg_dump's own compressed format; raises Refused."""
    options = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s"]
    command = [str(find("pg_dump", server)), *options, f"--snapshot={snapshot}", f"--dbname={_without_password(url)}"]
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE, stderr=words) as child:
            assert child.stdout is not None  # it is a pipe
            yield from pieces_of(child.stdout)
        _refuse_failure("pg_dump", child.returncode, words)


def load(url: str, server: int, pieces: Iterable[bytes]) -> None:
    """Fill an empty database from a dump, all of it or nothing; raises Refused."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    command = [str(find("pg_restore", server)), *options, f"--dbname={_without_password(url)}"]
    with tempfile.TemporaryFile() as words:
        child = subprocess.Popen(command, env=_environment(url), stdin=subprocess.PIPE, stderr=words)
        with suppress(BrokenPipeError), child:  # it ended early and says why
            assert child.stdin is not None  # it is a pipe
            for piece in pieces:
                child.stdin.write(piece)
        _refuse_failure("pg_restore", child.returncode, words)


def plain(url: str) -> str:
    """The address as PostgreSQL's own library reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _programs(name: str, installed: Path) -> Iterator[Path]:
    """Debian's own folders last: their versions are what they say, one in the PATH may be a wrapper of any."""
    if found := shutil.which(name):
        yield Path(found)
    yield from installed.glob(f"*/bin/{name}")


def _version(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", said)
    return int(found[0]) if found else 0


def _without_password(url: str) -> str:
    """Everybody on the machine can read command lines."""
    address = make_url(url)._replace(drivername="postgresql", password=None)
    return address.render_as_string()


def _environment(url: str) -> Mapping[str, str]:
    password = make_url(url).password
    return os.environ | {"LC_ALL": "C"} | ({} if password is None else {"PGPASSWORD": str(password)})


def _refuse_failure(program: str, code: int, words: IO[bytes]) -> None:
    """Its first line alone: what follows may quote rows."""
    words.seek(0)
    said = words.read(2000).decode(errors="replace").splitlines()
    if code != 0:
        raise Refused("program_failed", program=program, reason=said[0] if said else code)
