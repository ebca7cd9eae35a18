"""A RabbitMQ of our own: own node, epmd, data and every port on loopback; it never meets another broker.

`rabbitmq-server --version` would start a broker on all interfaces, so it is never asked that way: ask the running
broker through a connection's server properties.
"""

import base64
import json
import os
import secrets
import subprocess
import urllib.request
from pathlib import Path
from types import TracebackType

from deploy.distributed.kept import Kept, answers, free_port, kept_secret
from deploy.distributed.packages import RABBITMQ, require

_PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"
_CONTROL = "/usr/lib/rabbitmq/bin/rabbitmqctl"
_USER = "anchang"


class PrivateRabbitMQ:
    """`with PrivateRabbitMQ(folder) as broker: broker.fresh_vhost()`; data stays in `folder` until it is removed.

    Ports and node name stay the same over `stop` and `start` of one object. Raises PackageMissing, DidNotStart.
    """

    def __init__(self, folder: Path) -> None:
        require(RABBITMQ)
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._password = kept_secret(self._folder / "secret")
        self._port, self._management, self._epmd, self._distribution = (free_port() for _ in range(4))
        self._processes: list[Kept] = []

    @property
    def url(self) -> str:
        """The address of the default vhost; its user may administer the broker."""
        return f"amqp://{_USER}:{self._password}@127.0.0.1:{self._port}/%2F"

    @property
    def management_url(self) -> str:
        """The HTTP management API: `http://user:password@127.0.0.1:port`."""
        return f"http://{_USER}:{self._password}@127.0.0.1:{self._management}"

    def fresh_vhost(self) -> str:
        """Create an empty vhost and answer its amqp URL."""
        return fresh_vhost(self.management_url, self.url)

    def start(self) -> None:
        """Come back when it accepts connections."""
        self._write_settings()
        epmd = ["epmd", "-address", "127.0.0.1", "-port", str(self._epmd)]
        self._processes = [Kept(epmd, self._folder / "epmd.log", environment=self._environment())]
        self._processes[0].wait_until(lambda: answers(self._epmd), seconds=20)
        broker = Kept([_PROGRAM], self._folder / "rabbitmq.log", environment=self._environment(), grace=60)
        self._processes.append(broker)
        broker.wait_until(lambda: answers(self._port) and answers(self._management), seconds=120)

    def stop(self) -> None:
        """End it cleanly."""
        while self._processes:
            self._processes.pop().stop()

    def kill(self) -> None:
        """End it as a power cut would; `start` brings it back with what it had confirmed."""
        self._processes[-1].kill()
        self.stop()

    def wait(self) -> str:
        """Come back when the broker has ended, and say how."""
        return self._processes[-1].wait() if self._processes else "exit 0"

    @property
    def pid(self) -> int | None:
        """The broker's process; None when it does not run."""
        return self._processes[-1].pid if self._processes else None

    @property
    def process(self) -> Kept:
        """The broker's process, for fault tests: `broker.process.signal(SIGSTOP)`."""
        return self._processes[-1]

    def control(self, *command: str) -> str:
        """What `rabbitmqctl` answers to this command about this broker alone; raises CalledProcessError."""
        asked = [_CONTROL, "--quiet", *command]
        return subprocess.run(  # noqa: S603 - our own command
            asked, env=self._environment(), cwd=self._folder, capture_output=True, encoding="utf-8", check=True
        ).stdout

    def __enter__(self) -> "PrivateRabbitMQ":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _write_settings(self) -> None:
        (self._folder / "enabled_plugins").write_text("[rabbitmq_management].\n")
        (self._folder / "environment.conf").write_text("# nothing of /etc/rabbitmq holds here\n")
        (self._folder / "home").mkdir(mode=0o700, exist_ok=True)
        settings = self._folder / "rabbitmq.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self._port}\n"
            "management.tcp.ip = 127.0.0.1\n"
            f"management.tcp.port = {self._management}\n"
            f"default_user = {_USER}\ndefault_pass = {self._password}\n"
            "disk_free_limit.absolute = 200MB\n"
            "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        )

    def _environment(self) -> dict[str, str]:
        folder = str(self._folder)
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "HOME": f"{folder}/home",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd),
            "RABBITMQ_NODENAME": "anchang@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/environment.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
        }


def fresh_vhost(management_url: str, url: str) -> str:
    """Create an empty vhost through the management API and answer its amqp URL."""
    name = f"fresh-{secrets.token_hex(6)}"
    manage(management_url, "PUT", f"/api/vhosts/{name}")
    manage(
        management_url,
        "PUT",
        f"/api/permissions/{name}/{_USER}",
        {"configure": ".*", "write": ".*", "read": ".*"},
    )
    return url.rsplit("/", 1)[0] + f"/{name}"


def drop_vhost(management_url: str, url: str) -> None:
    """Remove a vhost and close every connection to it."""
    manage(management_url, "DELETE", f"/api/vhosts/{url.rsplit('/', 1)[1]}")


def manage(management_url: str, method: str, path: str, body: dict[str, str] | None = None) -> bytes:
    """One request to the management API; raises urllib.error.HTTPError."""
    login, address = management_url.removeprefix("http://").split("@")
    request = urllib.request.Request(  # noqa: S310 - always http to loopback
        f"http://{address}{path}",
        method=method,
        data=json.dumps(body).encode() if body else None,
        headers={
            "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        content: bytes = answer.read()
        return content
