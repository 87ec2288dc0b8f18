"""T2, T8, T10: who gets in where. Every address of the site × role × method, as data.

A role is one letter: 0 nobody signed in, E editor, C clinician, L a clinician who is also the
clinical lead, A front desk of the place that the records belong to, B front desk of another place, M
manager. Whoever is not named is refused, and a refused POST changes no row; a lead may all that a
clinician may.
"""

import hashlib
from copy import copy
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from appointments import private_links
from appointments.models import ScreeningCount
from articles import mistakes, publishing
from articles.models import CareCard
from articles.review_links import Review
from clinic import facts, pages
from clinic.models import (
    AuditEvent,
    Backup,
    BrokenLink,
    CacheEntry,
    Clinic,
    Closure,
    InsurancePlan,
    Location,
    Notice,
    OutboxMessage,
    Page,
    Redirect,
    RetentionPeriod,
    WorkerBeat,
)
from staff import account_links
from staff.models import AccountLink
from tests import builders

ALL = "0ECLABM"
STAFF = "ECLABM"

# Models with Django's own pages: who sees, adds, changes and deletes.
STOCK = {
    "clinic/auditevent": ("M", "", "", ""),
    "clinic/backup": ("M", "", "", ""),
    "clinic/brokenlink": ("EM", "", "", ""),
    "clinic/clinic": ("M", "", "M", ""),
    "clinic/location": ("M", "M", "M", ""),
    "clinic/closure": ("AM", "ABM", "AM", "M"),
    "clinic/insuranceplan": ("M", "M", "M", ""),
    "clinic/notice": ("AM", "ABM", "AM", "AM"),
    "clinic/redirect": ("EM", "EM", "EM", "EM"),
    "clinic/retentionperiod": ("M", "M", "M", "M"),
    "articles/mistakereport": ("ECM", "", "ECM", ""),
    "clinic/outboxmessage": ("M", "", "", ""),
    "clinic/page": ("EM", "EM", "EM", ""),
    "clinic/picture": ("EM", "EM", "EM", "EM"),
    "clinic/document": ("EM", "EM", "EM", "EM"),
    "staff/user": ("M", "M", "M", ""),
    "staff/therapist": ("ECM", "M", "M", ""),
    "articles/topic": ("ECM", "EM", "EM", ""),
}

# Address → who may GET it, who may POST to it.
TABLE = {
    # the public site
    "": (ALL, ""),
    "articles/": (ALL, ""),
    "articles/topics/<slug:slug>/": (ALL, ""),
    "articles/feed/": (ALL, ""),
    "articles/<slug:slug>/": (ALL, ""),
    # Whoever holds the link; no role opens another one.
    "articles/review/<str:signed>/": (ALL, ALL),
    "articles/<slug:slug>/print/": (ALL, ""),
    "articles/<slug:slug>/mistake/": (ALL, ALL),
    "articles/<slug:slug>/share.png": (ALL, ""),
    "design/": (STAFF, ""),
    "look/<hue:hue>.css": (ALL, ""),
    "look/<hue:hue>.svg": (ALL, ""),
    "look/<hue:hue>.png": (ALL, ""),
    "staff/": (ALL, ""),
    "staff/<slug:slug>/": (ALL, ""),
    "locations/": (ALL, ""),
    "locations/<slug:slug>/": (ALL, ""),
    "appointments/": (ALL, ALL),
    "appointments/emergency/": (ALL, ALL),
    "appointments/request/": (ALL, ALL),
    "appointments/request/change/": (ALL, ALL),
    "appointments/request/send/": (ALL, ALL),
    "appointments/received/<str:signed>/": (ALL, ALL),
    # Whoever holds the token; any other one opens the same page, that tells nothing, to everybody.
    "appointments/r/<str:token>/": (ALL, ALL),
    "appointments/r/<str:token>/appointment.ics": (ALL, ALL),
    "documents/<slug:slug>/": (ALL, ""),
    "search/": (ALL, ""),
    "livez": (ALL, ""),
    "readyz": (ALL, ""),
    "robots.txt": (ALL, ""),
    ".well-known/security.txt": (ALL, ""),
    "share.png": (ALL, ""),
    "sitemap.xml": (ALL, ""),
    "^media/(?P<path>.+)$": (ALL, ""),
    "<slug:slug>/": (ALL, ""),
    # signing in and out; whoever is in is led away from the sign-in form
    "admin/login/": ("0", "0"),
    "admin/logout/": ("", STAFF),
    "admin/password_change/": (STAFF, STAFF),
    "admin/password_change/done/": (STAFF, ""),
    # one's own sign-in
    "admin/account/": (STAFF, ""),
    "admin/account/second-step/": ("", ""),
    "admin/account/second-step/cancel/": ("", ""),
    "admin/account/confirm/": (STAFF, STAFF),
    "admin/account/confirm/code/": (STAFF, STAFF),
    "admin/account/confirm/key/": (STAFF, STAFF),
    "admin/account/keys/add/": (STAFF, STAFF),
    "admin/account/keys/sign-in/": ("", ""),
    "admin/account/keys/<int:pk>/remove/": (STAFF, STAFF),
    "admin/account/keys/<int:pk>/name/": (STAFF, STAFF),
    "admin/account/app/add/": (STAFF, STAFF),
    "admin/account/app/remove/": ("", ""),
    "admin/account/codes/": ("", ""),
    "admin/account/codes/new/": (STAFF, STAFF),
    "admin/account/sessions/": (STAFF, STAFF),
    # Whoever holds the link; anybody may have forgotten a password.
    "admin/account/welcome/<str:token>/": (ALL, ALL),
    "admin/account/forgotten/": (ALL, ALL),
    "admin/account/forgotten/sent/": (ALL, ALL),
    # the frame of the staff pages
    "admin/": (STAFF, STAFF),
    "admin/autocomplete/": ("", ""),
    "admin/jsi18n/": (STAFF, ""),
    "admin/r/<path:content_type_id>/<path:object_id>/": ("M", "M"),
    "admin/access-review/": ("M", "M"),
    # A GET leads back to the list.
    "admin/clinic/outboxmessage/test/": ("M", "M"),
    "admin/presence/": (STAFF, STAFF),
    "admin/presence/key/": (STAFF, ""),
    "admin/presence/lock/": ("", STAFF),
    "admin/state/": ("M", ""),
    "admin/clinic/closure/import/": ("ABM", "ABM"),
    "admin/^(?P<app_label>clinic|staff|articles|appointments)/$": ("ABM", "ABM"),
    "admin/(?P<url>.*)$": ("", ""),
    "admin/staff/user/<int:pk>/steps/<slug:step>/": ("M", "M"),
    # requests
    "admin/appointments/appointmentrequest/": ("ABM", "ABM"),
    "admin/appointments/appointmentrequest/search/": ("ABM", "ABM"),
    "admin/appointments/appointmentrequest/news/": ("ABM", ""),
    "admin/appointments/appointmentrequest/enter/": ("ABM", "ABM"),
    "admin/appointments/appointmentrequest/pause/": ("ABM", "ABM"),
    "admin/appointments/appointmentrequest/reports/": ("M", "M"),
    "admin/appointments/appointmentrequest/export/": ("M", "M"),
    "admin/appointments/appointmentrequest/<int:pk>/": ("AM", "AM"),
    "admin/appointments/appointmentrequest/<int:pk>/copied/": ("", "AM"),
    "admin/appointments/appointmentrequest/<int:pk>/<slug:step>/": ("AM", "AM"),
    # articles
    "admin/articles/article/": ("ECM", "ECM"),
    "admin/articles/article/add/": ("E", "E"),
    "admin/articles/article/import/": ("E", "E"),
    "admin/articles/article/<int:pk>/": ("ECM", "E"),
    "admin/articles/article/<int:pk>/preview/": ("ECM", "ECM"),
    "admin/articles/article/<int:pk>/revisions/<int:number>/": ("ECM", "ECM"),
    "admin/articles/article/<int:pk>/compare/": ("ECM", ""),
    "admin/articles/article/<int:pk>/set_aside/": ("ECM", "E"),
    "admin/articles/article/<int:pk>/autosave/": ("E", "E"),
    "admin/articles/article/links/": ("E", ""),
    "admin/articles/article/<int:pk>/<slug:step>/": ("ECM", "EM"),
    # pictures
    "admin/clinic/picture/upload/": ("", "EM"),
    "admin/clinic/picture/choose/": ("EM", ""),
    "admin/clinic/picture/<int:pk>/replace/": ("EM", "EM"),
    # care cards
    "admin/articles/carecard/": ("ECM", "ECM"),
    "admin/articles/carecard/add/": ("M", "M"),
    "admin/articles/carecard/<int:pk>/": ("ECM", "CM"),
    "admin/articles/carecard/<int:pk>/wordings/<int:number>/approve/": ("ECM", "L"),
}


def stock_pages(model, sees, adds, changes, deletes):
    lists = {"clinic/closure": "ABM", "clinic/notice": "ABM"}.get(model, sees)
    return {
        f"admin/{model}/": (lists, lists),
        f"admin/{model}/add/": (adds, adds),
        f"admin/{model}/<path:object_id>/history/": (sees, sees),
        f"admin/{model}/<path:object_id>/delete/": (deletes, deletes),
        f"admin/{model}/<path:object_id>/change/": (sees, changes),
        # Django leads from here to the form, which then refuses.
        f"admin/{model}/<path:object_id>/": (STAFF, STAFF),
    }


for model, allowed in STOCK.items():
    TABLE |= stock_pages(model, *allowed)


def routes(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def test_every_address_of_the_site_is_in_the_table():
    assert set(routes(get_resolver().url_patterns)) == set(TABLE)


@pytest.fixture
def world():
    """One record of each kind, all of them of place A, and the addresses that lead to them."""
    here, elsewhere = builders.location("Northside"), builders.location("Mill Road")
    article = builders.published_article()
    request = builders.appointment_request(location=here)
    visit = builders.appointment_request(
        location=here, status="closed", outcome="booked", appointment_at=timezone.now()
    )
    page = Page.objects.create(slug="about")
    editor = builders.user("Editor")
    pages.publish(
        page, pages.keep(page, title="About", summary="", description="", body="", by=editor), by=editor
    )
    records = {
        "clinic/auditevent": AuditEvent.objects.first(),
        "clinic/backup": Backup.objects.create(name="clinic.backup"),
        "clinic/brokenlink": BrokenLink.objects.create(source="/about/", href="/nowhere/"),
        "clinic/clinic": Clinic.objects.get(),
        "clinic/location": here,
        "clinic/closure": Closure.objects.create(
            location=here, first_day="2026-12-24", last_day="2026-12-25", reason="Holidays"
        ),
        "clinic/insuranceplan": InsurancePlan.objects.create(name="Blue Lake"),
        "clinic/notice": Notice.objects.create(
            location=here, text="Back at noon.", shown_until=timezone.now() + timedelta(hours=1)
        ),
        "clinic/redirect": Redirect.objects.create(path="/old/", target="/about/"),
        "clinic/retentionperiod": RetentionPeriod.objects.create(kind="requests", days=60),
        "articles/mistakereport": mistakes.report(article, "It says knee."),
        "clinic/outboxmessage": OutboxMessage.objects.create(
            kind="front_desk_notice", object_id=request.pk, sent_at=timezone.now()
        ),
        "clinic/page": page,
        "clinic/picture": builders.picture(),
        "clinic/document": builders.document(),
        "staff/user": editor,
        "staff/therapist": article.latest.author,
        "articles/topic": article.latest.main_topic,
    }
    WorkerBeat.objects.create(at=timezone.now())
    facts.publish()
    people = {
        "0": None,
        "E": editor,
        "C": builders.clinician().user,
        "L": lead(),
        "A": builders.user("Front desk", locations=[here]),
        "B": builders.user("Front desk", locations=[elsewhere]),
        "M": builders.user("Manager"),
    }
    return people, addresses(records, request, visit, article)


def lead():
    person = builders.clinician().user
    person.groups.add(Group.objects.get(name="Clinical lead"))
    return person


def may(role, allowed):
    return role in allowed or (role == "L" and "C" in allowed)


def addresses(records, request, visit, article):
    """Return an address that exists for every route of the table."""
    filled = {route: f"/{route}" for route in TABLE}
    for model, record in records.items():
        for route in stock_pages(model, "", "", "", ""):
            filled[route] = "/" + route.replace("<path:object_id>", str(record.pk))
    card = CareCard.objects.first()
    location_type = ContentType.objects.get_for_model(Location).pk
    return filled | {
        **{f"look/<hue:hue>.{kind}": f"/look/25.{kind}" for kind in ("css", "svg", "png")},
        "articles/topics/<slug:slug>/": records["articles/topic"].get_absolute_url(),
        "articles/<slug:slug>/": article.get_absolute_url(),
        "articles/review/<str:signed>/": review_link(),
        "articles/<slug:slug>/print/": f"{article.get_absolute_url()}print/",
        "articles/<slug:slug>/mistake/": f"{article.get_absolute_url()}mistake/",
        "articles/<slug:slug>/share.png": f"{article.get_absolute_url()}share.png",
        "staff/<slug:slug>/": records["staff/therapist"].get_absolute_url(),
        "locations/<slug:slug>/": records["clinic/location"].get_absolute_url(),
        "appointments/received/<str:signed>/": reverse("request_received", args=["forged"]),
        "appointments/r/<str:token>/": reverse("private_link", args=[private_links.token_of(request)]),
        "appointments/r/<str:token>/appointment.ics": reverse(
            "private_link_calendar", args=[private_links.token_of(visit)]
        ),
        "^media/(?P<path>.+)$": records["clinic/picture"].url,
        "<slug:slug>/": "/about/",
        "admin/r/<path:content_type_id>/<path:object_id>/": (
            f"/admin/r/{location_type}/{records['clinic/location'].pk}/"
        ),
        "admin/^(?P<app_label>clinic|staff|articles|appointments)/$": "/admin/appointments/",
        "admin/(?P<url>.*)$": "/admin/nowhere/",
        "admin/account/keys/<int:pk>/remove/": "/admin/account/keys/1/remove/",
        "admin/account/keys/<int:pk>/name/": "/admin/account/keys/1/name/",
        "admin/staff/user/<int:pk>/steps/<slug:step>/": (
            f"/admin/staff/user/{records['staff/user'].pk}/steps/sessions/"
        ),
        "admin/account/welcome/<str:token>/": welcome_link(),
        "admin/appointments/appointmentrequest/<int:pk>/": request.get_absolute_url(),
        "admin/appointments/appointmentrequest/<int:pk>/copied/": f"{request.get_absolute_url()}copied/",
        "admin/appointments/appointmentrequest/<int:pk>/<slug:step>/": f"{request.get_absolute_url()}claim/",
        "admin/articles/article/<int:pk>/": f"/admin/articles/article/{article.pk}/",
        "admin/articles/article/<int:pk>/preview/": f"/admin/articles/article/{article.pk}/preview/",
        "admin/articles/article/<int:pk>/revisions/<int:number>/": (
            f"/admin/articles/article/{article.pk}/revisions/1/"
        ),
        "admin/articles/article/<int:pk>/compare/": f"/admin/articles/article/{article.pk}/compare/",
        "admin/articles/article/<int:pk>/set_aside/": f"/admin/articles/article/{article.pk}/set_aside/",
        "admin/articles/article/<int:pk>/autosave/": f"/admin/articles/article/{article.pk}/autosave/",
        "admin/articles/article/<int:pk>/<slug:step>/": f"/admin/articles/article/{article.pk}/archive/",
        "documents/<slug:slug>/": records["clinic/document"].get_absolute_url(),
        "admin/clinic/picture/<int:pk>/replace/": (
            f"/admin/clinic/picture/{records['clinic/picture'].pk}/replace/"
        ),
        "admin/articles/carecard/<int:pk>/": f"/admin/articles/carecard/{card.pk}/",
        "admin/articles/carecard/<int:pk>/wordings/<int:number>/approve/": (
            f"/admin/articles/carecard/{card.pk}/wordings/1/approve/"
        ),
    }


def review_link():
    article, reviewer = builders.article(), builders.clinician()
    publishing.submit(article, to=reviewer, by=article.created_by)
    return Review(article.events.first(), reviewer).address.removeprefix(settings.SITE_URL)


def welcome_link():
    link = account_links.make(builders.user("Editor", password=None), AccountLink.Purpose.INVITATION, by=None)
    return account_links.address_of(link).removeprefix(settings.SITE_URL)


def gets_in(response):
    """Tell whether an answer let somebody in; being sent to sign in or back to the start does not."""
    if response.status_code in (301, 302, 303):
        return response.url.split("?")[0] not in (reverse("admin:login"), reverse("admin:index"))
    if response.status_code in (403, 404, 405):
        return False
    assert response.status_code < 500, response.status_code
    return True


def everything_stored():
    """Return a digest of the rows of every model, save those that only tell who came by."""
    passing_by = {AuditEvent, CacheEntry, ScreeningCount, Session}
    return {
        model._meta.label: hashlib.sha256(
            repr(list(model.objects.order_by("pk").values_list())).encode()
        ).digest()
        for model in apps.get_models(include_auto_created=True)
        if model not in passing_by
    }


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ALL)
def test_t2_t10_each_role_gets_in_where_the_table_says_and_nowhere_else(client, world, role, method):
    people, filled = world
    if people[role]:
        client.force_login(people[role])
    stored = everything_stored()
    expected = {route for route, allowed in TABLE.items() if may(role, allowed[method == "post"])}

    entered = {route for route in TABLE if gets_in(ask(client, method, filled[route], route in expected))}

    assert entered == expected
    assert everything_stored() == stored


def ask(client, method, address, is_allowed):
    """Send one request; what an allowed POST changes, the session included, is taken back."""
    cookies = copy(client.cookies)
    point = transaction.savepoint()
    response = getattr(client, method)(address)
    if method == "post" and is_allowed:
        transaction.savepoint_rollback(point)
        client.cookies = cookies
    return response


@pytest.mark.django_db
def test_t28_an_editor_takes_no_care_card_off_a_topic(client):
    topic = builders.topic(cards=[CareCard.objects.get(slug="general-emergency")])
    client.force_login(builders.user("Editor"))
    changes = {"name": topic.name, "slug": topic.slug, "kind": topic.kind, "teaser": "Stiff", "position": 0}

    client.post(f"/admin/articles/topic/{topic.pk}/change/", changes)

    topic.refresh_from_db()
    assert topic.teaser == "Stiff"
    assert [card.slug for card in topic.required_cards.all()] == ["general-emergency"]
