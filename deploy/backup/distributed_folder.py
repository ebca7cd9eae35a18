"""A new data folder of the distributed shape, with its databases made and empty."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from deploy.backup.folder import refuse_taken
from deploy.backup.refusals import Refused
from deploy.distributed.databases import create, drop, existing, urls_on
from deploy.distributed.servers import Servers, servers


@contextmanager
def new_distributed_folder(folder: Path) -> Iterator[dict[str, str]]:
    """The URLs of the empty databases of a system that is to live in `folder`; its server runs while the block does.

    Folder and databases go again when the block fails. Raises Refused when `folder` holds anything or the databases
    are there already; PackageMissing, CannotReachFolder, DidNotStart.
    """
    refuse_taken(folder)
    was_there = folder.exists()
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    try:
        found = servers(folder)
        with _running(found):
            urls = _made(found)
            try:
                yield urls
            except BaseException:
                drop(found.postgres, urls.values())
                raise
    except BaseException:
        shutil.rmtree(folder)
        if was_there:
            folder.mkdir(mode=0o711)
        raise


@contextmanager
def _running(found: Servers) -> Iterator[None]:
    server = found.ours.get("postgresql")
    if server is None:
        yield
        return
    server.start()
    try:
        yield
    finally:
        server.stop()


def _made(found: Servers) -> dict[str, str]:
    urls = urls_on(found.postgres, found.prefix)
    try:
        if there := existing(found.postgres, urls):
            raise Refused("databases_exist", services=", ".join(there))
        create(found.postgres, urls.values())
    except psycopg.OperationalError as error:
        raise Refused("server_away") from error
    return urls
