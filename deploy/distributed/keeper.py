"""Runs one command while its parent lives: `python keeper.py USER GRACE_SECONDS COMMAND…`, with a pipe as its stdin.

USER `-` means: whoever runs this. The keeper itself keeps its user: Python may lie where the other one cannot read.

When the pipe ends (the parent closed it, or died in whatever way), the command gets SIGTERM, and SIGKILL when it has
not ended after the grace time. So a private broker or database never outlives the tests that started it.
"""

import os
import signal
import subprocess
import sys
import threading
from typing import Any


def main(arguments: list[str]) -> int:
    """Answers the command's exit code, or 128 and its signal's number, as shells do."""
    user, grace, command = arguments[0], float(arguments[1]), arguments[2:]
    other: dict[str, Any] = {} if user == "-" else {"user": user, "group": user, "extra_groups": []}
    child = subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.DEVNULL, start_new_session=True, **other
    )
    threading.Thread(target=_end_with_parent, args=(child, grace), daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


def _end_with_parent(child: subprocess.Popen[bytes], grace: float) -> None:
    sys.stdin.buffer.read()
    _signal(child, signal.SIGTERM)
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        _signal(child, signal.SIGKILL)


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    sys.exit(main(sys.argv[1:]))
