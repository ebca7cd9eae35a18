"""What stands in front of the gateway's processes: nginx. It leads the streams to `live` and all else to `web`.

It also takes slow uploads off the gateway's threads. What it has to refuse itself is a problem+json like all others.
"""

import os
import signal
from pathlib import Path

from deploy.distributed.docker import nginx_command
from deploy.distributed.kept import answers
from deploy.distributed.programs import OwnProgram

_PROGRAM = "/usr/sbin/nginx"
_AWAY = (
    '{"type":"about:blank","title":"暂时不可用 / Unavailable","status":503,"code":"gateway_away",'
    '"detail":"系统正在启动或重启，请稍后再试。 The system is starting or restarting; try again shortly."}'
)
_TOO_LARGE = (
    '{"type":"about:blank","title":"内容过大 / Body too large","status":413,"code":"body_too_large",'
    '"detail":"内容超过了允许的大小，请减小后再试。 The body is larger than allowed; send less."}'
)
_CONFIGURATION = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
worker_shutdown_timeout 3s;
pid "{folder}/pid";
error_log "{folder}/error.log" warn;
{user}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
  default_type application/octet-stream;
  client_max_body_size 16m;  # the gateway allows less, and refuses in the reader's language
  client_body_temp_path "{pieces}/bodies";
  proxy_temp_path "{pieces}/answers";
  fastcgi_temp_path "{pieces}/unused";
  uwsgi_temp_path "{pieces}/unused";
  scgi_temp_path "{pieces}/unused";
  keepalive_timeout 75s;
  keepalive_requests 100000;
  upstream web {{ server 127.0.0.1:{web} max_fails=0; keepalive 64; keepalive_timeout 60s; keepalive_requests 100000; }}
  upstream live {{ server 127.0.0.1:{live} max_fails=0; }}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_connect_timeout 2s;
  proxy_read_timeout 60s;
  server {{
    listen {host}:{port};
    location / {{ proxy_pass http://web; }}
    location = /api/v1/events/stream {{ proxy_pass http://live; proxy_buffering off; proxy_read_timeout 1h; }}
    error_page 502 504 = @away;
    error_page 413 = @too_large;
    location @away {{
      default_type application/problem+json;
      add_header Retry-After 2 always;
      return 503 '{away}';
    }}
    location @too_large {{
      default_type application/problem+json;
      return 413 '{too_large}';
    }}
  }}
}}
"""


def front(
    folder: Path, pieces: Path, host: str, port: int, web: int, live: int, *, in_docker: bool = False
) -> OwnProgram:
    """nginx at host:port, with its files in `folder`.

    `pieces` takes what is too long for its memory; it must lie where the user of its workers can walk.
    """
    folder.mkdir(mode=0o711, exist_ok=True)
    user = "user www-data;" if os.geteuid() == 0 and not in_docker else ""
    places: dict[str, object] = {
        "folder": folder,
        "host": host,
        "port": port,
        "pieces": pieces,
        "web": web,
        "live": live,
        "user": user,
    }
    file = folder / "nginx.conf"
    file.write_text(_CONFIGURATION.format(**places, away=_AWAY, too_large=_TOO_LARGE), encoding="utf-8")
    own = [_PROGRAM, "-e", "stderr", "-p", str(folder), "-c", str(file)]
    command = nginx_command(file) if in_docker else own
    return OwnProgram(command, folder / "log", os.environ, lambda: answers(port, host), signal.SIGQUIT)
