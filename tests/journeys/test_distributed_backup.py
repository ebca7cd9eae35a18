"""Backup and restore of the distributed system while it is used, by the commands."""

import subprocess
import sys

import pytest

from tests.journeys.system import ROOT

pytestmark = pytest.mark.system
_IMPORTED = 15  # customers of the demo's sheet


def _command(name: str, *arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", f"deploy.{name}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
