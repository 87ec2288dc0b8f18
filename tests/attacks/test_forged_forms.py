"""T9, T10, T16, T17, T26: forms and addresses with more in them than the site asked for."""

import re
from html import unescape
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from clinic import delivery
from clinic.models import OutboxMessage
from staff.models import User
from tests import builders
from tests.journey import URLENCODED
from tests.stack.visitor import Page
from tests.test_access import TABLE, everything_stored, may

pytestmark = pytest.mark.django_db

MARK = "mass-assigned"
NAMED = re.compile(r'\bname="([^"]+)"')
ALWAYS = {
    "id": "1",
    "pk": "1",
    "is_staff": "on",
    "is_superuser": "on",
    "groups": "1",
    "user_permissions": "1",
}
OF_AN_ACCOUNT = [
    "change/",
    "delete/",
    "password/",
    *(f"steps/{step}/" for step in ("role", "sessions", "leave")),
]
# Signing out and keys are no forms of the site's own data.
NOT_WALKED = ("admin/login/", "admin/logout/", "admin/account/", "admin/presence/")


def forged(field):
    """Return what an attacker sends for a field of a model."""
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "2001-02-03 04:05"
    if isinstance(field, models.DateField):
        return "2001-02-03"
    return "424242" if isinstance(field, models.IntegerField) else MARK


def every_field():
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    return {field.name: forged(field) for field in fields if not field.is_relation} | ALWAYS


def rights():
    rows = User.objects.order_by("pk").prefetch_related("groups", "user_permissions")
    return [
        (person.pk, person.is_superuser, person.is_staff, person.password, *person.groups.all())
        for person in rows
    ]


def forged_in(queries):
    """Return the statements that would have stored a forged value."""
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    return [sql for sql in written if any(sign in sql for sign in (MARK, "424242", "2001-02-03"))]


@pytest.mark.faults
@pytest.mark.parametrize("role", "EM")
def test_t9_no_form_takes_a_field_that_it_does_not_ask_for(walker, role):
    person, extras, sent = walker.client(role), every_field(), 0
    routes = [
        route
        for route, (get, post) in TABLE.items()
        if may(role, get) and may(role, post) and not route.startswith(NOT_WALKED)
    ]
    before = rights()

    for route, answer in walker.walk(person, "get", only=routes).items():
        asked = set(NAMED.findall(unescape(answer.text))) if answer.status_code == 200 else set()
        page = Page(walker.addresses[route], answer.status_code, answer.headers, answer.text if asked else "")
        for form in [form for form in page.forms if form.method == "post" and "logout" not in form.action]:
            more = [(name, value) for name, value in extras.items() if name not in asked]
            point = transaction.savepoint()
            with CaptureQueriesContext(connection) as queries:
                person.post(form.action, urlencode(form.fields + more), content_type=URLENCODED)
            sent += 1
            assert (form.action, forged_in(queries)) == (form.action, [])
            if "staff_user" in str(queries.captured_queries):
                assert (form.action, rights()) == (form.action, before)
            transaction.savepoint_rollback(point)

    assert sent > 20


def test_t10_nobody_below_a_manager_changes_an_account(walker):
    fields = urlencode({"name": MARK, "email": "evil@harbor.example", "is_superuser": "on", "groups": "1"})
    people = {role: walker.client(role) for role in "ECLAB"}
    before = everything_stored()
    statuses = set()

    for role, client in people.items():
        accounts = [f"/admin/staff/user/{walker.people[whose].pk}/" for whose in (role, "M")]
        paths = [account + address for account in accounts for address in OF_AN_ACCOUNT]
        for path in [*paths, "/admin/staff/user/add/"]:
            statuses.add((role, path, client.post(path, fields, content_type=URLENCODED).status_code))

    assert {answer for answer in statuses if answer[2] not in (302, 403, 404)} == set()
    assert everything_stored() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "testserver.evil.example"},
        {"host": "testserver:80@evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": ""},
        {"host": "testserver,evil.example"},
    ],
    ids=lambda headers: headers["host"] or "empty",
)
def test_t16_h1_a_host_that_is_not_ours_is_refused(client, headers):
    answers = [
        client.get(path, headers=headers) for path in ("/", "/admin/login/", "/admin/account/forgotten/")
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert ["evil.example" in answer.text for answer in answers] == [False] * 3


@pytest.mark.parametrize(
    "forged_header",
    ["X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-URL", "Forwarded", "Origin", "Referer"],
)
def test_t16_h2_no_header_decides_where_the_link_to_a_new_password_leads(
    client, settings, mailoutbox, forged_header
):
    person = builders.user("Editor")
    value = "host=evil.example" if forged_header == "Forwarded" else "https://evil.example"

    client.post("/admin/account/forgotten/", {"email": person.email}, headers={forged_header: value})
    for message in OutboxMessage.objects.waiting():
        delivery.deliver(message)

    (mail,) = [mail for mail in mailoutbox if mail.to == [person.email]]
    links = re.findall(r"https?://\S+", mail.body)
    assert links != []
    assert [link for link in links if not link.startswith(f"{settings.SITE_URL}/")] == []


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:///evil.example",
        "https:evil.example",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "\x08//evil.example",
        "\t//evil.example",
        " //evil.example",
        "/admin/\r\nLocation: https://evil.example",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
    ],
)
def test_t17_u4_signing_in_leads_to_no_other_site(client, target):
    person = builders.user("Editor")

    page = client.get("/admin/login/", {"next": target})
    signed_in = client.post(
        "/admin/login/", {"login": person.email, "password": builders.PASSWORD, "next": target}
    )

    assert re.findall(r'(?:href|action|content)="(?!/admin/)[^"]*evil\.example', page.text) == []
    # What stays is a path of ours, whatever stands in it.
    assert (signed_in.status_code, signed_in.url.startswith("/admin/")) == (302, True)


PAYLOADS = r"""
' " ') "); '-- '/* ' or '1'='1 1;select(1) 1/**/union/**/select/**/null %27 %2527 \\' \\x00 %00 ; | ` $(id)
__class__ __dict__ __ _connector=OR __proto__ id__gt password__startswith user__password -pk ..pk
{{7*7}} ${7*7} <script> %3Cscript%3E ../../etc/passwd ..%2f..%2f -1 0 1e9 9999999999999999999 NaN null
٣ ％  🙂 [] {} true
""".split()
PARAMETERS = """
q p page o e all sort state tab after location author topic kind status use people week weeks number
_changelist_filters status__gt user__password__startswith _connector next a b
""".split()
LISTS = [
    "/articles/",
    "/search/",
    "/admin/appointments/appointmentrequest/",
    "/admin/appointments/appointmentrequest/reports/",
    "/admin/articles/article/",
    "/admin/clinic/auditevent/",
    "/admin/clinic/outboxmessage/",
    "/admin/clinic/picture/",
    "/admin/staff/user/",
    "/admin/access-review/",
]


@pytest.mark.parametrize("path", LISTS)
def test_t26_u2_u6_u7_no_parameter_of_an_address_reaches_the_database(client, path):
    client.force_login(builders.user("Manager"))
    # Each page starts elsewhere, so that in sum every parameter meets many payloads.
    parameters = islice(cycle(PARAMETERS), 3 * LISTS.index(path), None)

    statuses = {
        (name, payload): client.get(path, {name: payload}).status_code
        for name, payload in zip(parameters, PAYLOADS, strict=False)
    }

    assert len(statuses) >= 40
    assert {asked: status for asked, status in statuses.items() if status not in (200, 302, 400, 404)} == {}
