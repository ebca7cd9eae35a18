"""The catalogue of events: everything announced is told, kept to a form, and heard by somebody."""

import dataclasses
import re
import types
import typing

import pytest

from chassis.events import Fact
from deploy.catalogue import NAMES, facts, in_full, optional_facts, package_of, service

# Announced for other systems (feed, webhooks, AMQP) though no service of ours listens; each with who it is for.
PUBLIC = {
    "absence.cancelled.v1": "time recording of the company",
    "absence.found.v1": "time recording of the company",
    "amendment.changed.v1": "phones of those who sign",
    "application.changed.v1": "phones of the sales staff",
    "attendance.clocked_in.v1": "time recording of the company",
    "attendance.clocked_out.v1": "time recording of the company",
    "attendance.lateness_changed.v1": "time recording of the company",
    "candidate.decided.v1": "customer records outside",
    "credit.booked.v1": "payroll of the company",
    "deal_correction.asked.v1": "payroll of the company",
    "deal_correction.decided.v1": "payroll of the company",
    "deal_correction.erased.v1": "whoever keeps what was told; the gateway's log does",
    "customers.exported.v1": "the company's data protection officer",
    "delegation.changed.v1": "phones of the sales staff",
    "department.changed.v1": "directories of the company",
    "dispute.decided.v1": "personnel records of the company",
    "dispute.reported.v1": "personnel records of the company",
    "draw.done.v1": "whoever checks that a draw was fair",
    "draw.promised.v1": "whoever checks that a draw was fair",
    "followup_plan.changed.v1": "calendars of the sales staff",
    "forfeit.excused.v1": "personnel records of the company",
    "forfeit.recorded.v1": "personnel records of the company",
    "hall.changed.v1": "displays in the halls",
    "journal_conflict.found.v1": "messengers of the managers",
    "journal_conflict.settled.v1": "messengers of the managers",
    "handover.made.v1": "personnel records of the company",
    "import.progressed.v1": "pages that watch an import",
    "leave.asked.v1": "time recording of the company",
    "leave.decided.v1": "time recording of the company",
    "line.changed.v1": "displays in the halls",
    "materials.confirmed.v1": "displays in the halls",
    "relation.changed.v1": "phones of those who sign",
    "phone.revealed.v1": "security monitoring of the company",
    "removal_case.decided.v1": "personnel records of the company",
    "removal_case.opened.v1": "personnel records of the company",
    "ownership_policy.changed.v1": "the company's archive of what holds where",
    "return_warning.changed.v1": "phones of the sales staff",
    "step_out.asked.v1": "displays in the halls",
    "step_out.cancelled.v1": "displays in the halls",
    "step_out.ended.v1": "displays in the halls",
    "step_out.left.v1": "displays in the halls",
    "step_out.overstayed.v1": "displays in the halls",
    "suspension.began.v1": "personnel records of the company",
    "suspension.ended.v1": "personnel records of the company",
    "suspension.ordered.v1": "personnel records of the company",
    "points.posted.v1": "the company's own loyalty programme",
    "points_rules.changed.v1": "the company's archive of what holds where",
    "policy.changed.v1": "the company's archive of what holds where",
    "team.changed.v1": "directories of the company",
}
_TYPE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*")


def test_every_announced_event_is_heard_or_declared_public() -> None:
    """An event nobody needs is not announced: some service consumes it, or PUBLIC says who outside does."""
    assert sorted(_every_fact() - _consumed() - set(PUBLIC)) == []


def test_nothing_is_public_that_does_not_exist() -> None:
    """The list of public events names events of the catalogue only."""
    assert sorted(set(PUBLIC) - _every_fact()) == []


@pytest.mark.parametrize("name", NAMES)
def test_consumers_listen_to_what_is_announced(name: str) -> None:
    """A consumer waits for no event that no service announces."""
    assert sorted(set(service(name).consumers.shapes) - set(facts())) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_option_listens_to_nothing_new(name: str) -> None:
    """What only an option needs of the broker would be declared by processes that do not know whether it is on."""
    assert in_full(name).consumers.types == service(name).consumers.types


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_of_events_py_is_announced(name: str) -> None:
    """A fact that is written in events.py is listed in the service's wiring."""
    told = set(in_full(name).facts)  # which imports the service, also where no test before has
    declared = {fact for fact in _subclasses(Fact) if fact.__module__.startswith(f"{package_of(name)}.")}
    assert {fact for fact in declared if "TYPE" in vars(fact)} == told


@pytest.mark.parametrize("name", NAMES)
def test_facts_keep_to_the_form(name: str) -> None:
    """A fact is a frozen dataclass with a docstring of its own and a type in the past tense with its version."""
    wrong = [fact.__name__ for fact in in_full(name).facts if not _keeps_to_the_form(fact)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_personal_data_stands_in_personal_alone(name: str) -> None:
    """What identifies a customer or visitor is in the field `personal`, erasable (None), and nowhere else."""
    wrong = [f"{fact.TYPE}.{field}" for fact in in_full(name).facts for field in _misplaced(fact)]
    assert wrong == []


def _every_fact() -> set[str]:
    return {*facts(), *optional_facts()}


def _consumed() -> set[str]:
    return {event_type for name in NAMES for event_type in service(name).consumers.shapes}


def _keeps_to_the_form(fact: type[Fact]) -> bool:
    params = getattr(fact, "__dataclass_params__", None)
    told = bool(fact.__doc__) and not str(fact.__doc__).startswith(f"{fact.__name__}(")
    return bool(params and params.frozen and told and _TYPE.fullmatch(fact.TYPE))


def _misplaced(fact: type[Fact]) -> list[str]:
    hints = typing.get_type_hints(fact)
    names = [field.name for field in dataclasses.fields(fact)]
    wrong = [name for name in names if name in {"phone", "said", "id_number", "address", "customer_name"}]
    if "personal" in names and types.NoneType not in typing.get_args(hints["personal"]):
        wrong.append("personal (not optional)")
    return wrong


def _subclasses(kind: type[Fact]) -> set[type[Fact]]:
    return {kind, *(below for child in kind.__subclasses__() for below in _subclasses(child))} - {Fact}
