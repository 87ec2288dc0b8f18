"""The demo clinic itself: facts, two locations, hours, insurance, pages."""

from datetime import date, time, timedelta

from django.utils import timezone

from articles import html
from clinic import pages
from clinic.models import Clinic, Closure, InsurancePlan, Location, OpeningHours, Page
from clinic.site.demo import reading

MORNING, EVENING = time(8), time(19)
HOLIDAYS = ("Thanksgiving", "Christmas Day")
PLANS = ("Blue Lake Health", "Prairie Mutual", "Medicare", "Midland Choice", "Union Care")

CLINIC = {
    "name": "Harbor Physical Therapy",
    "legal_name": "Harbor Physical Therapy (a demo clinic)",
    "headline": "Move without fear again.",
    "lead": "Back, hip, shoulder or after surgery: tell us what hurts. We call you back.",
    "drawing": Clinic.Drawing.REACH,
    "phone": "(555) 010-0140",
    "email": "hello@harbor.example",
    "front_desk_emails": "front-desk@harbor.example",
}
NORTHSIDE = {
    "slug": "northside",
    "name": "Northside",
    "street": "2140 Juniper Avenue",
    "city": "Harbor City",
    "region": "IL",
    "postal_code": "60099",
    "latitude": "42.43120",
    "longitude": "-87.83340",
    "phone": "(555) 010-0140",
    "front_desk_emails": "northside@harbor.example",
    "directions": "Bus 12 and 48 stop at Juniper and Third. We are next to the library.",
    "parking": "Free parking in front of the building, with four accessible spaces.",
    "access": "Step-free from the parking lot. Automatic doors, wide corridors, an accessible restroom.",
}
MILL_ROAD = {
    "slug": "mill-road",
    "name": "Mill Road",
    "street": "87 Mill Road",
    "city": "Harbor City",
    "region": "IL",
    "postal_code": "60098",
    "latitude": "42.41870",
    "longitude": "-87.85610",
    "phone": "(555) 010-0175",
    "front_desk_emails": "",
    "directions": "Five minutes on foot from Mill Road station. Look for the old water wheel.",
    "parking": "Two hours free in the garage across the street.",
    "access": "Ramp at the side door. Elevator to the gym on the second floor.",
}


def load_clinic(pictures):
    """Store the clinic's facts and return its one row."""
    clinic, _ = Clinic.objects.update_or_create(pk=1, defaults={**CLINIC, "hero": None})
    return clinic


def load_locations(pictures):
    """Store both locations with hours, closures and insurance; return them by slug."""
    plans = [InsurancePlan.objects.get_or_create(name=name)[0] for name in PLANS]
    places = {}
    for position, facts in enumerate((NORTHSIDE, MILL_ROAD)):
        facts = {**facts, "position": position, "takes_online_requests": True}
        facts["picture"] = pictures[f"location-{facts['slug']}"]
        place, _ = Location.objects.update_or_create(slug=facts["slug"], defaults=facts)
        place.insurance_plans.set(plans if position == 0 else plans[:4])
        places[place.slug] = place
    _open(places["northside"], range(5), (MORNING, EVENING))
    _open(places["northside"], [5], (time(9), time(13)))
    _open(places["mill-road"], range(5), (MORNING, time(12)), (time(13), time(18)))
    _close_for_holidays(timezone.localdate())
    return places


def _open(place, weekdays, *periods):
    for weekday in weekdays:
        for opens_at, closes_at in periods:
            OpeningHours.objects.get_or_create(
                location=place, weekday=weekday, opens_at=opens_at, defaults={"closes_at": closes_at}
            )


def _close_for_holidays(today):
    thanksgiving = _fourth_thursday_of_november(today.year)
    days = (thanksgiving, date(today.year, 12, 25))
    for day, reason in zip(days, HOLIDAYS, strict=True):
        Closure.objects.get_or_create(first_day=day, last_day=day, reason=reason)


def _fourth_thursday_of_november(year):
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def load_pages(by):
    """Store and publish the clinic's pages."""
    for facts, body in reading.texts("pages"):
        page, is_new = Page.objects.get_or_create(
            slug=facts["slug"],
            defaults={"menu": facts["menu"], "position": facts["order"], "duty": facts.get("duty", "")},
        )
        if is_new:
            text = {name: facts[name] for name in ("title", "summary", "description")}
            pages.publish(page, pages.keep(page, **text, body=html.clean(body), by=by), by=by)
    Clinic.objects.update(editorial_policy=Page.objects.get(slug="editorial-policy"))
