"""The roster of a hall: the week, the days that differ, closed days, swaps, a month's sheet, and who came today."""

from datetime import date, timedelta
from typing import Any

from flask import request

from chassis.web import permits, the_asker
from gateway.pages import forms, roster_forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import Company, the_company
from gateway.pages.inside import Reply, ask, hand_in, put, remove, tell
from gateway.pages.rooms import HALLS, Answer, Place, dialog, done, room, the_place
from gateway.pages.week import Week, monday_of, week_of

_ROSTER = "/office/roster"
_SHEET = 2_100_000  # bytes: reception's limit with a form around it
_SHOWN = ("late", "absent", "expected", "on_leave", "not_counted", "on_time")


@blueprint.get("/office/roster")
@permits("office.see")
def show_roster() -> Answer:
    """A hall's week, and what became of today's shifts."""
    return _page()


@blueprint.get("/office/roster/days/<day>/<staff_id>")
@permits("reception.manage")
def show_hours(day: str, staff_id: str) -> Answer:
    """Somebody's hours of one day."""
    return _hours(day, staff_id, "", 200)


@blueprint.post("/office/roster/days/<day>/<staff_id>")
@permits("reception.manage")
def plan_hours(day: str, staff_id: str) -> Answer:
    """Other hours for one day, a day off, or the week's again."""
    place = the_place()
    plan = {"shifts": roster_forms.hours()} | forms.because()
    reply = put(f"{HALLS}/{place.hall_id}/roster/days/{day}/{staff_id}", plan, forms.key())
    if reply.ok:
        return _done(place, "planned", day)
    return _hours(day, staff_id, wrong_in(reply), reply.status)


@blueprint.get("/office/roster/people/<staff_id>")
@permits("reception.manage")
def show_pattern(staff_id: str) -> Answer:
    """Somebody's week, every week."""
    return _pattern(staff_id, "", 200)


@blueprint.post("/office/roster/people/<staff_id>")
@permits("reception.manage")
def make_pattern(staff_id: str) -> Answer:
    """Somebody's hours of every week: the others' stay, and who changed the roster meanwhile is not overwritten."""
    place = the_place()
    path = f"{HALLS}/{place.hall_id}/roster"
    held = ask(path)
    if not held.ok:
        return _pattern(staff_id, wrong_in(held), held.status)
    others = [line for line in held.body["shifts"] if line["staff_id"] != staff_id]
    shifts = others + [line | {"staff_id": staff_id} for line in roster_forms.lines()]
    reply = put(path, {"shifts": shifts}, forms.key(), request.form.get("version", ""))
    return _done(place, "pattern") if reply.ok else _pattern(staff_id, wrong_in(reply), reply.status)


@blueprint.get("/office/roster/swap")
@permits("reception.manage")
def show_swap() -> Answer:
    """Who changes shifts with whom."""
    return _dialog("roster_swap", "", 200)


@blueprint.post("/office/roster/swap")
@permits("reception.manage")
def swap() -> Answer:
    """Two people change shifts, of one day or of two."""
    place, wish = the_place(), roster_forms.swap()
    reply = tell(f"{HALLS}/{place.hall_id}/roster/swaps", wish, forms.key())
    if reply.ok:
        return _done(place, "swapped", wish["day"])
    return _dialog("roster_swap", wrong_in(reply), reply.status)


@blueprint.get("/office/roster/closed/<day>")
@permits("reception.manage")
def show_closing(day: str) -> Answer:
    """Why a hall is closed on a day."""
    return _dialog("roster_close", "", 200, day=day)


@blueprint.post("/office/roster/closed/<day>")
@permits("reception.manage")
def close_day(day: str) -> Answer:
    """The hall is closed on this day, or is open after all."""
    place = the_place()
    path, opens = f"{HALLS}/{place.hall_id}/closed-days/{day}", request.form.get("open") == "yes"
    reply = remove(path, forms.key()) if opens else put(path, forms.because(), forms.key())
    if reply.ok:
        return _done(place, "opened" if opens else "closed", day)
    return _dialog("roster_close", wrong_in(reply), reply.status, day=day)


@blueprint.post("/office/roster/sheet")
@permits("reception.manage", body_limit=_SHEET)
def import_sheet() -> Answer:
    """A month's roster from a file, with what became of each row."""
    place, file = the_place(), request.files.get("file")
    content = file.stream.read() if file else b""
    reply = hand_in(f"{HALLS}/{place.hall_id}/roster/imports", "roster", content, forms.key())
    return _page(reply.body, "", 200) if reply.ok else _page(None, wrong_in(reply), reply.status)


def _page(sheet: Any = None, wrong: str = "", status: int = 200) -> Answer:
    company, place = the_company(), the_place()
    facts: dict[str, Any] = {"company": company, "place": place, "week": None, "sheet": sheet, "wrong": wrong}
    if place.hall is None:
        return room("roster", status, **facts)
    today = company.today(place.branch_id)
    monday = monday_of(roster_forms.day(request.values.get("week"), today))
    facts |= {"today": today, "monday": monday, "aside": timedelta(days=7), "shown": _SHOWN}
    facts["week"] = _week(place, company, monday)
    if the_asker().may("reception.manage"):
        facts["attendance"] = ask(f"{HALLS}/{place.hall_id}/attendance", day=today)
    return room("roster", status, **facts)


def _week(place: Place, company: Company, monday: date) -> Week | Reply:
    at = f"{HALLS}/{place.hall_id}"
    days = {"first": monday, "last": monday + timedelta(days=6)}
    replies = [ask(f"{at}/roster"), ask(f"{at}/roster/days", **days), ask(f"{at}/line")]
    failed = next((reply for reply in replies if not reply.ok), None)
    if failed is not None:
        return failed
    roster, differing, line = (reply.body for reply in replies)
    people = {one["staff_id"]: one["name"] for one in line["line"]}
    rostered = [one["staff_id"] for one in [*roster["shifts"], *differing["days"]]]
    people = {staff_id: company.name(staff_id) for staff_id in rostered} | people
    by_name = sorted(people.items(), key=lambda one: (one[1], one[0]))
    return week_of(monday, roster["shifts"], differing, by_name)


def _hours(day: str, staff_id: str, wrong: str, status: int) -> Answer:
    """The form of somebody's day: as typed, else as it stands now."""
    company, place = the_company(), the_place()
    meant, shifts = roster_forms.day(day, company.today(place.branch_id)), roster_forms.typed_hours()
    week = _week(place, company, monday_of(meant)) if place.hall else None
    if request.method == "GET" and isinstance(week, Week):
        shifts = week.shifts(staff_id, meant)
    return _dialog("roster_hours", wrong, status, day=day, staff_id=staff_id, shifts=shifts)


def _pattern(staff_id: str, wrong: str, status: int) -> Answer:
    return _dialog("roster_pattern", wrong, status, staff_id=staff_id)


def _dialog(name: str, wrong: str, status: int, **facts: Any) -> Answer:
    company, place = the_company(), the_place()
    if place.hall is None:
        wrong = wrong or wrong_in(place.reply)
    facts |= {"company": company, "place": place, "people": company.sellers(place.branch_id)}
    if name == "roster_pattern" and place.hall is not None:
        held = ask(f"{HALLS}/{place.hall_id}/roster")
        facts |= roster_forms.pattern(held.body if held.ok else {}, str(facts["staff_id"]))
        wrong = wrong or wrong_in(held)
    return dialog(name, f"{_ROSTER}?hall={place.hall_id}", wrong, status, **facts)


def _done(place: Place, code: str, day: str = "") -> Answer:
    return done(_ROSTER, f"roster.{code}", hall=place.hall_id, week=day or request.values.get("week", ""))
