"""The S rows of the norms, and T9: what the staff side takes from whoever should not give it.

S3 stands in test_exports.py, S10 in test_closure_import.py.
"""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.urls import reverse

from appointments import answers, desk, form_token, private_links
from appointments.desk_forms import FORMS
from appointments.entering import EnterForm
from appointments.forms import RequestForm
from appointments.models import AppointmentRequest, RequestEvent
from clinic import emergency, environment
from clinic.models import AuditEvent, Clinic
from staff.models import User
from tests import builders, journey

pytestmark = pytest.mark.django_db

# A Tuesday at ten in Chicago.
NOW = datetime(2026, 11, 3, 16, tzinfo=UTC)
REQUESTS = "admin:appointments_appointmentrequest"


@pytest.fixture
def northside():
    return builders.location("Northside")


@pytest.fixture
def mill_road():
    return builders.location("Mill Road")


@pytest.fixture
def foreign(northside):
    return builders.appointment_request(location=northside, full_name="Alma Reyes")


def sign_in(client, role, **fields):
    person = builders.user(role, **fields)
    client.force_login(person)
    return person


def stored():
    return list(AppointmentRequest.objects.order_by("pk").values()), RequestEvent.objects.count()


def denials():
    return AuditEvent.objects.filter(action="request.denied").count()


@pytest.mark.parametrize("role", ["Editor", "Clinician"])
@pytest.mark.parametrize(
    "name", ["changelist", "search", "news", "enter", "reports", "export", "change", "step"]
)
def test_s1_whoever_has_no_business_with_requests_is_refused_and_noted(client, foreign, role, name):
    person = sign_in(client, role)
    args = {"change": [foreign.pk], "step": [foreign.pk, "claim"]}.get(name, [])

    status = client.get(reverse(f"{REQUESTS}_{name}", args=args)).status_code

    assert status in (403, 404)
    [noted] = AuditEvent.objects.filter(action="request.denied")
    assert noted.actor == person


@pytest.mark.parametrize("step", FORMS)
def test_s2_no_step_is_taken_with_a_request_of_another_place(client, foreign, mill_road, step):
    sign_in(client, "Front desk", locations=[mill_road])
    before = stored()

    response = client.post(reverse(f"{REQUESTS}_step", args=[foreign.pk, step]), HONEST[step] | {"seen": "0"})

    assert response.status_code == 404
    assert stored() == before
    assert denials() == 1


def test_s2_nobody_finds_hears_of_or_exports_a_request_of_another_place(
    client, foreign, northside, mill_road
):
    def seen(*places):
        sign_in(client, "Front desk", locations=places)
        found = client.post(reverse(f"{REQUESTS}_search"), {"query": "Alma Reyes"})
        news = client.get(reverse(f"{REQUESTS}_news"), {"since": 0, "location": northside.pk})
        listed = client.get(reverse(f"{REQUESTS}_changelist"), {"location": northside.pk})
        return [foreign.reference in answer.text for answer in (found, news, listed)]

    assert seen(northside) == [True, True, True]
    assert seen(mill_road) == [False, False, False]
    exported = client.post(reverse(f"{REQUESTS}_export"), {"weeks": 0, "columns": "contact", "reason": "x"})
    assert exported.status_code == 403


def test_s2_a_bulk_action_posted_to_the_list_does_nothing(client, foreign, northside):
    sign_in(client, "Front desk", locations=[northside])
    before = stored()

    client.post(
        reverse(f"{REQUESTS}_changelist"),
        {"action": "delete_selected", "_selected_action": [foreign.pk], "post": "yes"},
    )

    assert stored() == before


@pytest.mark.parametrize("role", ["Front desk", "Manager", "superuser"])
def test_s5_a_request_is_never_deleted(client, foreign, northside, role):
    fields = {"is_superuser": True} if role == "superuser" else {"locations": [northside]}
    sign_in(client, "" if role == "superuser" else role, **fields)

    response = client.post(f"{foreign.get_absolute_url()}delete/", {"post": "yes"})

    assert response.status_code == 404
    assert AppointmentRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "reason", "is_erased"),
    [("Front desk", "Asked to", False), ("Manager", " ", False), ("Manager", "Asked to", True)],
)
def test_s5_a_manager_erases_with_a_reason_and_nobody_else_does(client, northside, role, reason, is_erased):
    sign_in(client, role, locations=[northside])
    request = builders.appointment_request(location=northside, status="closed")

    client.post(reverse(f"{REQUESTS}_step", args=[request.pk, "erase"]), {"reason": reason, "seen": "0"})

    request.refresh_from_db()
    assert (request.full_name == "", request.erased_at is not None) == (is_erased, is_erased)


def test_s6_a_note_with_markup_and_links_is_text(client, foreign, northside):
    sign_in(client, "Front desk", locations=[northside])
    remark = '<b onclick="x()">Call</b> https://evil.example <script>x()</script>'

    client.post(
        reverse(f"{REQUESTS}_step", args=[foreign.pk, "log_attempt"]),
        {"attempt": "voicemail", "remark": remark, "seen": "0"},
    )

    page = client.get(foreign.get_absolute_url()).text
    assert "&lt;b onclick=&quot;x()&quot;&gt;Call&lt;/b&gt; https://evil.example &lt;script&gt;" in page
    assert ("<script>x()" in page, 'href="https://evil.example' in page) == (False, False)


@pytest.mark.parametrize(
    "wrong", [{"phone": "call us"}, {"urgent_target_minutes": 0}, {"front_desk_emails": "desk@"}]
)
def test_s7_a_setting_that_cannot_work_is_not_saved(client, wrong):
    sign_in(client, "Manager")
    form = {"name": "Harbor", "urgent_target_minutes": 60, "hue": 190, "routine_target_minutes": 240, **wrong}

    response = client.post(reverse("admin:clinic_clinic_change", args=[1]), form)

    assert list(response.context["adminform"].form.errors) == list(wrong)
    assert Clinic.objects.count() == 0


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
def test_s7_no_setting_empties_the_emergency_number(client, settings, country):
    settings.COUNTRY = country
    sign_in(client, "Manager")
    form = {"name": "Harbor", "urgent_target_minutes": 60, "hue": 190, "routine_target_minutes": 240}
    number = emergency.for_country(country).number

    client.post(
        reverse("admin:clinic_clinic_change", args=[1]), form | {"emergency_number": "", "number": ""}
    )

    assert Clinic.objects.get().name == "Harbor"
    assert len(number) == 3
    assert number in client.get(reverse("request_start")).text


@pytest.mark.parametrize(
    "address", ["http://www.harbor.example", "http://10.0.0.5", "www.harbor.example", ""]
)
def test_s7_the_site_does_not_start_under_an_address_without_https(monkeypatch, address):
    monkeypatch.setenv("SITE_URL", address)

    with pytest.raises(ImproperlyConfigured, match="Set SITE_URL to"):
        environment.site_url(debug=False)


@pytest.mark.parametrize(
    ("role", "status"), [("Editor", 403), ("Clinician", 403), ("Front desk", 403), ("Manager", 302)]
)
def test_s9_nobody_gives_oneself_a_role(client, role, status):
    person = sign_in(client, role)
    every = [group.pk for group in Group.objects.all()]
    forged = {"email": person.email, "name": "Me", "groups": every, "is_superuser": "on", "is_staff": "on"}

    answer = client.post(reverse("admin:staff_user_change", args=[person.pk]), forged)
    passwords = {"old_password": builders.PASSWORD, "new_password1": "new harbor evening"}
    client.post(
        reverse("admin:password_change"), forged | passwords | {"new_password2": "new harbor evening"}
    )

    person.refresh_from_db()
    assert answer.status_code == status
    assert person.check_password("new harbor evening")
    assert [group.name for group in person.groups.all()] == [role]
    # A manager may change the own name, and nothing else there.
    assert (person.is_superuser, person.name == "Me") == (False, role == "Manager")


# What an honest person posts for each step.
HONEST = {
    "claim": {},
    "take_over": {},
    "release": {},
    "resume": {},
    "not_spam": {},
    "undo": {},
    "log_attempt": {"attempt": "voicemail", "remark": "Left word."},
    "book": {"appointment_number": "A-7", "heard_from": "friend"},
    "change_appointment": {"appointment_number": "A-8"},
    "cancel_appointment": {"remark": "Feels better."},
    "wait": {"until": "2"},
    "correct": {"full_name": "Alma Reyes", "phone": "(555) 010-0142", "email": ""},
    "relocate": {},
    "close": {"outcome": "declined"},
    "reopen": {"remark": "Called back."},
    "erase": {"reason": "Asked to"},
}
# The state from which it is taken, where it is not a new request.
BEFORE = {
    "take_over": {"status": "claimed", "owner": "colleague"},
    "release": {"status": "claimed", "owner": "me"},
    "resume": {"status": "waiting", "owner": "me"},
    "not_spam": {"quarantined_at": NOW},
    "change_appointment": {"status": "closed", "outcome": "booked"},
    "cancel_appointment": {"status": "closed", "outcome": "booked"},
    "reopen": {"status": "closed"},
    "erase": {"status": "closed"},
}
OWN = {"id", "reference", "form_token", "answers_digest", "link_nonce", "link_digest", "alarm_at"}
STRANGE = {
    "pk": "1",
    "is_staff": "on",
    "is_superuser": "on",
    "created_at": "2001-01-01 10:00",
    "reviewed_by": "1",
    "actor": "1",
    "at": "2001-01-01 10:00",
    "undone_at": "2001-01-01 10:00",
    "request": "1",
}


def forged(*, without):
    """Return a value that each field of a request would take, and names of other records' fields."""
    values = STRANGE | {field.name: _taken_by(field) for field in AppointmentRequest._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in without}


def _taken_by(field):
    if field.is_relation:
        last = field.related_model.objects.order_by("pk").last()
        return str(last.pk if last else 1)
    if field.choices:
        return field.choices[-1][0]
    kinds = {
        models.BooleanField: "on",
        models.DateTimeField: "2001-01-01 10:00",
        models.JSONField: '["mon"]',
        models.EmailField: "forged@harbor.example",
    }
    numbers = (models.IntegerField, models.AutoField)
    return kinds.get(type(field), "7" if isinstance(field, numbers) else "forged")


def rest_of(request):
    """Return all that is stored of a request and its steps, save what no two requests share."""
    [values] = AppointmentRequest.objects.filter(pk=request.pk).values()
    steps = request.events.order_by("pk").values_list(
        "step", "attempt", "remark", "actor", "at", "before", "version", "undone_at"
    )
    return {name: value for name, value in values.items() if name not in OWN}, list(steps)


@pytest.mark.parametrize("step", FORMS)
@time_machine.travel(NOW, tick=False)
def test_t9_a_step_takes_its_own_fields_and_no_other(client, northside, mill_road, step):
    me, colleague = sign_in(client, "Manager"), builders.user("Manager")
    honest = {**HONEST[step], **({"location": mill_road.pk} if step == "relocate" else {})}

    def taken(extra):
        people = {"me": me, "colleague": colleague}
        state = {name: people.get(value, value) for name, value in BEFORE.get(step, {}).items()}
        request = builders.appointment_request(location=northside, **state)
        if step == "undo":
            desk.claim(request, by=me)
        address = reverse(f"{REQUESTS}_step", args=[request.pk, step])
        fields = {**extra, **honest, "seen": request.version}
        assert client.post(address, fields).status_code == 303
        after = AppointmentRequest.objects.get(pk=request.pk)
        assert (after.reference, after.link_nonce) == (request.reference, request.link_nonce)
        return rest_of(after)

    form = FORMS[step](builders.appointment_request(location=northside), me)
    people = list(User.objects.order_by("pk").values())

    assert taken(forged(without=form.fields)) == taken({})
    assert AppointmentRequest.objects.count() == 3
    assert list(User.objects.order_by("pk").values()) == people


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (f"{REQUESTS}_enter", {"location": "pk", "screening": "none", "notes": "Fell."}),
        ("request_send", {"location": "slug", "who": "me", "channel": "phone"}),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_t9_a_new_request_takes_its_own_fields_and_no_other(client, northside, mill_road, name, fields):
    sign_in(client, "Front desk", locations=[northside])
    honest = {**journey.ANSWERS, **fields, "location": getattr(northside, fields["location"])}

    def sent(extra):
        response = journey.post(client, name, {**extra, **honest, "token": form_token.issue()})
        assert response.status_code in (302, 303)
        return rest_of(AppointmentRequest.objects.order_by("pk").last())

    asked = {*RequestForm.base_fields, *EnterForm.base_fields, *answers.BESIDE}

    assert sent(forged(without=asked)) == sent({})
    assert AppointmentRequest.objects.count() == 2


@time_machine.travel(NOW, tick=False)
def test_t9_a_withdrawal_takes_its_own_field_and_no_other(client, northside):
    def withdrawn(extra):
        request = builders.appointment_request(location=northside)
        address = reverse("private_link", args=[private_links.token_of(request)])
        body = urlencode({**extra, "detail": "0140"})
        assert client.post(address, body, content_type=journey.URLENCODED).status_code == 303
        return rest_of(request)

    assert withdrawn(forged(without={"detail"})) == withdrawn({})
