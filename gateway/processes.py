"""The gateway's web processes: `python -m gateway.processes web|live`; its worker and the rest are the chassis's.

`live` holds the streams, one thread each, and no others answer them: in the ordinary processes twenty boards would stop
the office. Whatever stands in front leads /api/v1/events/stream to `live` and all else to `web`.
"""

import sys
from typing import TYPE_CHECKING

from chassis.database.migrations import check_schema
from chassis.processes.guarded import cannot, guarded
from chassis.processes.web import serve
from chassis.settings import (
    DATABASE_POOL_SIZE,
    DATABASE_URL,
    IDENTITY_PRIVATE_KEY,
    POINTS,
    WEB_PROCESSES,
    WEB_THREADS,
    Values,
    read,
)
from chassis.web import IdentitySigner, open_database
from gateway import settings
from gateway.app import SERVICE, create_gateway
from gateway.office import Options
from gateway.routing.table import over_http

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_BESIDE_STREAMS = 16  # threads of `live` for health and metrics while every stream is taken


def main(arguments: list[str]) -> int:
    if arguments not in (["web"], ["live"]):
        return cannot("usage: python -m gateway.processes web|live")
    return guarded(_live if arguments == ["live"] else _web)


def _web() -> None:
    values = _read()
    serve(lambda: _application(values, streams=0), values)


def _live() -> None:
    values = _read()
    streams = values[settings.STREAMS]
    serve(
        lambda: _application(values, streams=streams),
        values.replaced({WEB_PROCESSES: 1, WEB_THREADS: streams + _BESIDE_STREAMS}),
    )


def _read() -> Values:
    values = read(settings.ALL)
    check_schema(SERVICE.name, SERVICE.folder / "migrations", values[DATABASE_URL])
    return values


def _application(values: Values, streams: int) -> "WSGIApplication":
    database = open_database(values[DATABASE_URL], SERVICE.name, values[DATABASE_POOL_SIZE])
    options = Options(
        secure_cookie=values[settings.SECURE_COOKIE],
        proxies=values[settings.PROXIES],
        streams=streams,
        rate=values[settings.RATE],
        limiter=values[settings.LIMITER],
        processes=values[WEB_PROCESSES],
        points=values[POINTS],
    )
    routes = over_http(values[settings.SERVICE_ADDRESSES])
    return create_gateway(database, routes, IdentitySigner(values[IDENTITY_PRIVATE_KEY]), options=options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
