"""The processes of a deployment, each told everything by settings (docs/settings.md).

`python -m chassis.processes KIND PACKAGE`, where PACKAGE is a service's (`services.reception`, `gateway`):

| kind | what it does | how it ends |
| --- | --- | --- |
| `topology` | declares the service's queue, its bindings and its retry queues | when done |
| `migrate` | brings the service's database to the newest schema | when done |
| `web` | answers requests; opens no connection to the broker | by SIGTERM, after the requests at hand |
| `worker` | relay, consumers and jobs; any number may run | by SIGTERM, after what is at hand |

The gateway makes its web applications itself: `python -m gateway.processes web` or `live`.
"""
