"""The main job on a real single machine, as its users do it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.demo.client import Api, Refused, eventually
from tests.journeys.system import ROOT, SingleMachine

ROLES = {
    "salesperson",
    "supervisor",
    "manager",
    "sales_administrator",
    "headquarters",
    "buyer",
    "auditor",
    "front_desk",
}


def _demo(system: SingleMachine, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "deploy.demo", "--url", system.url, "--within", "60", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_demo_company_has_two_branches_and_staff_of_every_role(system: SingleMachine) -> None:
    """demo-accounts.json names username, password, role, branch and name of somebody in each role, in two branches."""
    accounts = json.loads((system.data / "demo-accounts.json").read_text(encoding="utf-8"))
    assert all(set(account) == {"username", "password", "role", "branch", "name"} for account in accounts)
    assert {account["role"] for account in accounts} == ROLES
    assert len({account["branch"] for account in accounts} - {None}) == 2


def test_the_start_says_the_address_and_how_to_sign_in(system: SingleMachine) -> None:
    """Whoever starts it reads the address, a username and the password in the terminal."""
    assert system.url in system.said
    assert "sales1" in system.said
    assert system.accounts()["sales1"].password in system.said


def test_the_story_can_be_told_again_and_again(system: SingleMachine) -> None:
    """`./run demo` tells every step as it should be, three times on the same system, in both languages."""
    for language in ("zh", "en", "zh"):
        told = _demo(system, "--language", language)
        assert told.returncode == 0, told.stdout + told.stderr
        assert "A016" in told.stdout or "A017" in told.stdout or "A018" in told.stdout


def test_the_story_leaves_the_hall_as_it_was(system: SingleMachine) -> None:
    """After the story the line stands in its old order and nobody is left on duty."""
    manager = system.as_person("manager")
    hall = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
    before = manager.get(f"/api/v1/reception/halls/{hall}/board")
    assert _demo(system).returncode == 0
    after = manager.get(f"/api/v1/reception/halls/{hall}/board")
    assert [person["staff_id"] for person in after["line"]] == [person["staff_id"] for person in before["line"]]
    assert not any(person["on_duty"] for person in after["line"])


def test_the_story_stops_at_a_step_that_is_not_as_told(system: SingleMachine, tmp_path: Path) -> None:
    """With somebody waiting in the hall, the demo says which step differs and exits non-zero."""
    manager = system.as_person("manager")
    hall = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
    waiting = manager.post(f"/api/v1/reception/halls/{hall}/arrivals", {"kind": "first_visit"})
    told = _demo(system, "--language", "en")
    manager.post(f"/api/v1/reception/receptions/{waiting['reception_id']}/leave")
    assert told.returncode == 1
    assert "Not as told: nobody waits in the hall" in told.stdout


def test_the_story_says_when_nobody_answers() -> None:
    """Told against an address where nothing listens, the demo says so and exits non-zero."""
    command = [sys.executable, "-m", "deploy.demo", "--url", "http://127.0.0.1:1", "--language", "en"]
    file = ["--accounts", str(ROOT / "tests" / "journeys" / "accounts.json")]
    told = subprocess.run([*command, *file], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "Nobody answers" in told.stdout


def test_the_sheet_says_ten(system: SingleMachine) -> None:
    """The source sheet, imported by the product, answers its 15 dated rows, 2 undated ones and 10 closed deals."""
    query = {"from": "2020-02-01", "to": "2020-04-25"}
    sheet = system.as_person("admin").get("/api/v1/reporting/followup-sheet", **query)
    assert sheet["closed_deals"] == 10
    assert [row["code"] for row in sheet["rows"]] == [f"A{number:03d}" for number in range(1, 16)]
    assert [(row["progress"], row["salesperson"]) for row in sheet["undated"]] == [(45, "业务员16"), (45, None)]


def test_importing_the_sheet_again_adds_nothing(system: SingleMachine) -> None:
    """The same file twice leaves customers, rows and closed deals as they were."""
    administrator = system.as_person("admin")
    query = {"from": "2020-02-01", "to": "2020-04-25"}
    before = administrator.get("/api/v1/reporting/followup-sheet", **query)
    told = administrator.upload("/api/v1/customers/imports", ROOT / "deploy" / "demo" / "客户跟进记录统计表.xlsx")
    report = lambda: administrator.get(f"/api/v1/customers/imports/{told['import_id']}")  # noqa: E731
    done, _ = eventually(lambda: one if (one := report())["state"] == "done" else None, "the import", 60)
    assert done["counts"]["seen_before"] == done["progress"]["of"] > 0
    assert administrator.get("/api/v1/reporting/followup-sheet", **query) == before


def test_another_branch_sees_nothing_of_it(system: SingleMachine) -> None:
    """To the manager of the other branch the sheet is empty and the hall does not exist."""
    hall = system.as_person("manager").get("/api/v1/reception/halls")["items"][0]["hall_id"]
    stranger = system.as_person("westmanager")
    query = {"from": "2020-02-01", "to": "2020-04-25"}
    assert stranger.get("/api/v1/reporting/followup-sheet", **query)["rows"] == []
    with pytest.raises(Refused) as refused:
        stranger.get(f"/api/v1/reception/halls/{hall}/board")
    assert refused.value.status == 404


def test_the_readme_is_true(system: SingleMachine, tmp_path: Path) -> None:
    """The README's curl lines, run as they stand against a fresh demo, end with the sheet's 10."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = readme.split("```sh\nURL=")[1].split("```")[0]
    script = f"set -euo pipefail\nURL={script}".replace("http://127.0.0.1:8000", system.url)
    script = script.replace(".data/", f"{system.data}/").replace("curl -sS", "curl -sS --fail-with-body")
    assert shutil.which("curl"), "curl is installed by ./run test"
    told = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.strip().endswith("10")
    assert "现场跟进" in told.stdout


def test_openapi_and_health_are_there_for_everybody(system: SingleMachine) -> None:
    """Without signing in one reads the API's description and whether the system is well, and nothing else."""
    anyone = Api(system.url)
    assert anyone.get("/api/v1/openapi.json")["openapi"].startswith("3.1")
    assert anyone.get("/health/ready")["ready"] is True
    with pytest.raises(Refused) as refused:
        anyone.get("/api/v1/customers")
    assert refused.value.status == 401
