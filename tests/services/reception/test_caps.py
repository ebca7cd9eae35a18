"""Points only, and the cap past which a fine is held, as a branch's policy has them."""

from typing import Any

import pytest

from tests.services.reception.court import (
    LI,
    MANAGER,
    SECOND,
    SUPERVISOR,
    WEST_MANAGER,
    Court,
)
from tests.services.synthetic import EAST, named

APRIL = {"days": 31}


def decide(court: Court, **values: Any) -> None:
    """A policy that holds from the next day on, and the next day."""
    today = court.database.clock.now().date()
    body = {"branch_id": EAST, "holds_from": f"{today.replace(day=today.day + 1)}", "values": values, "reason": "试行"}
    answer = court.ask(MANAGER, "POST", "/api/v1/reception/policies", json=body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    court.later(days=1)


def review(court: Court, verdict: str, month: str = "2026-03") -> dict[str, Any]:
    body = {"staff_id": named("li"), "verdict": verdict, "reason": "本人同意"}
    return court.did(SECOND, "POST", f"settlements/{month}/reviews", body)


def li_of(month: dict[str, Any]) -> dict[str, int]:
    (person,) = month["people"]
    return {name: person[name] for name in ("fine", "held", "let_go", "carried", "due")}


@pytest.fixture
def capped(court: Court) -> Court:
    """A cap of 1 % on li's 6000 a month; fined 50 and 20: ten yuan are past it."""
    decide(court, cap_percent=1)
    court.did(MANAGER, "PUT", f"pay/{named('li')}", {"monthly": 6000})
    court.confirmed("li", "quarrel")
    court.later(minutes=1)
    court.confirmed("li", "late", late_by=700)
    return court


def test_points_only(court: Court) -> None:
    """From the day on fines are 0 and points remain; what was proposed before keeps its fine."""
    before = court.record("li", "not_greeted")
    decide(court, points_only=True)
    after = court.record("li", "not_greeted")
    assert [(one["fine"], one["points"]) for one in (before, after)] == [(10, 5), (0, 5)]
    court.take(SECOND, after, "confirm")
    assert (court.points(LI), court.month()["totals"]["due"]) == (-5, 0)


def test_what_is_past_the_cap_is_held(capped: Court) -> None:
    """Ten yuan of the later fine are held for review and not due."""
    month = capped.month()
    assert li_of(month) == {"fine": 70, "held": 10, "let_go": 0, "carried": 0, "due": 60}
    assert [line["untaken"] for line in month["people"][0]["lines"]] == [0, 10]


def test_what_is_held_is_shown_to_nobody_else(capped: Court) -> None:
    """The supervisor sees the fines and not what is held of them: pay could be reckoned from it."""
    (shown,) = capped.month(who=SUPERVISOR)["people"]
    assert (shown["fine"], shown["held"], shown["due"]) == (70, None, None)
    assert {line["untaken"] for line in shown["lines"]} == {None}
    assert capped.month(who=LI)["people"][0]["held"] == 10


@pytest.mark.parametrize(("verdict", "let_go", "due"), [("take", 0, 70), ("let_go", 10, 60)])
def test_a_manager_reviews_what_is_held(capped: Court, verdict: str, let_go: int, due: int) -> None:
    """Taken for all that, or let go, with a reason that stands in the register; settled so, it stays so."""
    month = review(capped, verdict)
    assert li_of(month) == {"fine": 70, "held": 0, "let_go": let_go, "carried": 0, "due": due}
    entry = capped.register()[-1]
    assert (entry.kind, entry.body["by"], entry.body["verdict"]) == ("cap.reviewed", SECOND.actor_id, verdict)
    assert dict(entry.personal or {}) == {"said": "本人同意"}
    capped.later(**APRIL)
    assert li_of(capped.settle()) == li_of(month)


def test_while_the_month_is_open_the_latest_review_holds(capped: Court) -> None:
    """A manager may think again until the month is settled."""
    review(capped, "take")
    assert li_of(review(capped, "let_go"))["due"] == 60


def test_what_was_held_may_be_taken_later(capped: Court) -> None:
    """Reviewed after the settlement it is carried into the present month; March stays as it is; once and for all."""
    capped.later(**APRIL)
    settled = capped.settle()
    assert review(capped, "take") == settled
    april = capped.month("2026-04")
    assert li_of(april) == {"fine": 0, "held": 0, "let_go": 0, "carried": 10, "due": 10}
    body = {"staff_id": named("li"), "verdict": "let_go", "reason": "x"}
    assert capped.refused(SECOND, "POST", "settlements/2026-03/reviews", body) == (409, "already_reviewed")


def test_what_was_never_taken_is_not_given_back(court: Court) -> None:
    """Withdrawn after the settlement, a fine is given back as far as it was taken."""
    decide(court, cap_percent=1)
    court.did(MANAGER, "PUT", f"pay/{named('li')}", {"monthly": 600})
    court.propose("li", "reception/1")
    court.take(SECOND, court.listed(MANAGER)[0], "confirm")
    court.later(**APRIL)
    assert li_of(court.settle())["due"] == 6
    court.withdraw("reception/1")
    assert li_of(court.month("2026-04"))["due"] == -6


def test_with_a_cap_and_no_pay_known_all_fines_are_held(court: Court) -> None:
    """Nothing can be shown to be within the cap: nothing is due until a manager has looked. Points count."""
    decide(court, cap_percent=20)
    court.confirmed("li", "quarrel")
    assert li_of(court.month()) == {"fine": 50, "held": 50, "let_go": 0, "carried": 0, "due": 0}
    assert court.points(LI) == -20


def test_pay_holds_from_its_month_on(capped: Court) -> None:
    """More pay from April on leaves March's cap as it was."""
    capped.did(MANAGER, "PUT", f"pay/{named('li')}", {"monthly": 9000, "month": "2026-04"})
    assert li_of(capped.month())["held"] == 10
    capped.later(**APRIL)
    capped.confirmed("li", "quarrel")
    capped.confirmed("li", "quarrel")
    assert li_of(capped.month("2026-04"))["held"] == 10


def test_another_branch_reviews_nothing_here(capped: Court) -> None:
    """A manager of another branch does not reach this one's months."""
    body = {"staff_id": named("li"), "verdict": "take", "reason": "x"}
    path = f"settlements/2026-03/reviews?branch_id={EAST}"
    assert capped.refused(WEST_MANAGER, "POST", path, body) == (422, "unknown_branch")
