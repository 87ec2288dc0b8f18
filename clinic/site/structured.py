"""What machines read about the clinic, its places and its own pages."""

from datetime import time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.structured import PHYSIOTHERAPY, VOCABULARY, address, identity, listing, node, page
from clinic.structured import clinic as the_clinic

# As far ahead as search engines look at changed hours.
DAYS_AHEAD = 60
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Search engines read a day that opens and closes at midnight as closed.
NEVER = (time.min, time.min)
PLACE = "MedicalClinic"


def graph(nodes, site):
    """Return one page's nodes, with the clinic and the site that they refer to."""
    named = {thing["@id"] for thing in nodes}
    around = [thing for thing in (organization(site), website(site)) if thing["@id"] not in named]
    return {"@context": VOCABULARY, "@graph": [*nodes, *around]}


def website(site):
    """Return the site as a whole."""
    return node(
        "WebSite",
        identity("/", "site"),
        url=address("/"),
        name=site.clinic["name"],
        publisher=the_clinic(),
    )


def organization(site, kind="MedicalOrganization", **properties):
    """Return the clinic as header and footer of every page show it."""
    clinic = site.clinic
    policy = clinic.get("editorial_policy")
    facts = {
        "url": address("/"),
        "name": clinic["name"],
        "legalName": clinic.get("legal_name"),
        "logo": address(site.look.picture),
        "telephone": clinic["phone"],
        "email": clinic["email"],
        "medicalSpecialty": PHYSIOTHERAPY,
        "publishingPrinciples": address(reverse("page_detail", args=[policy])) if policy else None,
        "sameAs": clinic.get("profiles"),
    }
    return node(kind, the_clinic()["@id"], **facts | properties)


def home(site, treatments):
    """Return what machines read on the home page: the clinic with all its places, and what it treats."""
    clinic, places = site.clinic, site.locations
    # Only a place of care can offer a service, not the organization above it.
    services = [
        node("PhysicalTherapy", name=topic.name, url=address(topic.get_absolute_url()))
        for topic in treatments
    ]
    about = {
        "image": address(clinic["hero"]["url"]) if clinic["hero"] else None,
        "contactPoint": _contact(clinic["phone"]),
    }
    if len(places) == 1:
        whole = organization(site, PLACE, availableService=services, **about | _facts(places[0]))
    else:
        parts = [place(site, one, availableService=services) for one in places]
        whole = organization(site, subOrganization=parts, **about)
    description = clinic["lead"] or clinic["name"]
    return [page("WebPage", "/", name=clinic["name"], description=description, about=the_clinic()), whole]


def location_list(site):
    """Return what machines read on the page of all places."""
    description = _("Where to find %(name)s: addresses, phone numbers and opening hours.")
    return [
        page(
            "CollectionPage",
            reverse("location_list"),
            name=_("Locations"),
            description=description % {"name": site.clinic["name"]},
            mainEntity=listing([(one.name, one.url) for one in site.locations]),
        )
    ]


def location_detail(site, one, location, *, therapists, insurance_plans):
    """Return what machines read on the page of a place; `location` is its row."""
    whole = place(
        site,
        one,
        image=address(location.picture.url) if location.picture else None,
        paymentAccepted=", ".join(plan.name for plan in insurance_plans),
        amenityFeature=[
            node("LocationFeatureSpecification", name=name, value=text)
            for name, text in ((_("Parking"), location.parking), (_("Step-free access"), location.access))
            if text
        ],
        isAcceptingNewPatients=any(who.takes_new_patients for who in therapists) if therapists else None,
    )
    return [
        page(
            "WebPage",
            one.url,
            name=one.name,
            description=f"{site.clinic['name']}, {location.address_line}, {one.phone}",
            crumbs=[(_("Locations"), reverse("location_list"))],
            mainEntity=whole,
        )
    ]


def page_detail(shown):
    """Return what machines read on one of the clinic's own pages."""
    text = shown.live
    return [
        page(
            "AboutPage" if shown.slug == "about" else "WebPage",
            shown.get_absolute_url(),
            name=text.title,
            description=text.description or text.summary,
        )
    ]


def place(site, one, **properties):
    """Return a place of the clinic."""
    return node(
        PLACE,
        identity(one.url, "place"),
        name=f"{site.clinic['name']}, {one.name}",
        url=address(one.url),
        parentOrganization=the_clinic(),
        medicalSpecialty=PHYSIOTHERAPY,
        **_facts(one),
        **properties,
    )


def _facts(one):
    postal = node(
        "PostalAddress",
        streetAddress=one.street,
        addressLocality=one.city,
        addressRegion=one.region,
        postalCode=one.postal_code,
        addressCountry=None if settings.COUNTRY == "EU" else settings.COUNTRY,
    )
    return {
        "address": postal,
        "telephone": one.phone,
        "geo": node("GeoCoordinates", **one.coordinates) if one.coordinates else None,
        "openingHoursSpecification": _weekly_hours(one.schedule),
        "specialOpeningHoursSpecification": _changed_hours(one),
        "potentialAction": _reservation(one) if one.takes_online_requests else None,
    }


def _weekly_hours(schedule):
    """Return the hours of the week, days with the same hours as one."""
    days = {}
    for weekday, periods in sorted(schedule.weekly.items()):
        for opens, closes in periods:
            days.setdefault((opens, closes), []).append(f"{VOCABULARY}/{DAYS[weekday]}")
    return [_hours(opens, closes, dayOfWeek=names) for (opens, closes), names in days.items()]


def _changed_hours(one):
    """Return what is left of the hours of each day ahead that has a closure."""
    days = (one.today + timedelta(days=number) for number in range(DAYS_AHEAD))
    changed = [
        day
        for day in days
        if any(closed.first_day <= day <= closed.last_day for closed in one.schedule.closures)
    ]
    return [
        _hours(*period, validFrom=day.isoformat(), validThrough=day.isoformat())
        for day in changed
        for period in _local_periods(one.schedule, day) or [NEVER]
    ]


def _local_periods(schedule, day):
    return [
        (opens.astimezone(schedule.zone), closes.astimezone(schedule.zone))
        for opens, closes in schedule.open_periods(day)
    ]


def _hours(opens, closes, **when):
    return node("OpeningHoursSpecification", opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}", **when)


def _reservation(one):
    target = node("EntryPoint", urlTemplate=address(reverse("request_start", query={"location": one.slug})))
    return node("ReserveAction", target=target)


def _contact(phone):
    url = address(reverse("request_start"))
    return node("ContactPoint", contactType=_("appointments"), telephone=phone, url=url)
