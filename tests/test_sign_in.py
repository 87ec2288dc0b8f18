"""Signing in: who gets in, who is made to wait, and what nobody can learn by trying."""

import re
import secrets
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, Hit, OutboxMessage
from clinic.site import sign_in
from staff import account_links
from staff.models import AccountLink, User
from tests import builders

pytestmark = pytest.mark.django_db

DOOR = "/admin/login/"
DASHBOARD = "/admin/"
ACCOUNT = "/admin/account/"
NO_PASSKEY = "This passkey does not open the staff pages. Sign in with your password."
DESK = {"REMOTE_ADDR": "203.0.113.7"}
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.9"}


@pytest.fixture
def receptionist():
    return builders.user("Front desk", locations=[builders.location()])


def knock(client, email, password, **extra):
    return client.post(DOOR, {"login": email, "password": password}, **extra)


def errors(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def code_of(secret, at=None):
    """Return the code that an app shows now, or at that moment."""
    at = at or timezone.now()
    return totp.format_hotp_value(totp.hotp_value(secret, int(at.timestamp()) // 30))


SECRET = totp.generate_totp_secret()


def give_app(person):
    return totp.TOTP.activate(person, SECRET).instance


def test_a_password_opens_the_page_that_was_asked_for(client, receptionist):
    asked = reverse("admin:appointments_appointmentrequest_changelist")

    response = client.post(
        DOOR, {"login": receptionist.email.upper(), "password": builders.PASSWORD, "next": asked}
    )

    assert response.url == asked
    assert AuditEvent.objects.filter(action="login", actor=receptionist).count() == 1


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_t17_signing_in_leads_to_no_other_site(client, receptionist, target):
    response = client.post(DOOR, {"login": receptionist.email, "password": builders.PASSWORD, "next": target})

    assert response.url == DASHBOARD


def test_t15_somebody_unknown_switched_off_or_mistyped_reads_the_same(client, receptionist):
    leaver = builders.user("Editor", is_active=False)

    pages = {
        email: knock(client, email, password)
        for email, password in [
            ("nobody@harbor.example", "wrong-password"),
            (receptionist.email, "wrong-password"),
            (leaver.email, builders.PASSWORD),
        ]
    }

    assert {tuple(errors(page)) for page in pages.values()} == {
        ("This e-mail address and password do not belong together. Check both.",)
    }
    assert [page.status_code for page in pages.values()] == [200, 200, 200]


def test_t15_fifty_bad_tries_from_elsewhere_keep_nobody_from_signing_in_at_the_desk(client, receptionist):
    for _ in range(50):
        knock(client, receptionist.email, "wrong", **ELSEWHERE)

    refused = knock(client, receptionist.email, builders.PASSWORD, **ELSEWHERE)
    let_in = knock(client, receptionist.email, builders.PASSWORD, **DESK)

    assert errors(refused) == ["Too many tries from here. Wait five minutes, then try again."]
    assert let_in.url == DASHBOARD


def test_t15_known_and_unknown_addresses_are_counted_alike(client, receptionist):
    for email in (receptionist.email, "nobody@harbor.example"):
        answers = [errors(knock(client, email, "wrong", **DESK)) for _ in range(6)]

        assert answers[5] == ["Too many tries from here. Wait five minutes, then try again."]
        assert answers[5] not in answers[:5]


def test_t15_one_place_tries_no_more_than_thirty_accounts(client, receptionist):
    for number in range(sign_in.FAILURES_OF_PLACE):
        knock(client, f"person{number}@harbor.example", "wrong", **ELSEWHERE)

    assert errors(knock(client, receptionist.email, builders.PASSWORD, **ELSEWHERE)) == [
        "Too many tries from here. Wait five minutes, then try again."
    ]


def test_who_waited_five_minutes_may_try_again(client, receptionist):
    for _ in range(6):
        knock(client, receptionist.email, "wrong", **DESK)
    Hit.objects.update(at=timezone.now() - sign_in.COUNTED_FOR)

    assert knock(client, receptionist.email, builders.PASSWORD, **DESK).url == DASHBOARD


@pytest.mark.parametrize("path", ["/admin/account/signup/", "/accounts/signup/", "/signup/"])
def test_nobody_signs_up(client, path):
    data = {"email": "me@example.com", "password1": "a-long-password-of-mine"}

    client.post(path, data, follow=True)

    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "is_led_away"), [("Front desk", True), ("Manager", True), ("Editor", False)]
)
def test_whoever_sees_requests_adds_a_second_step_before_anything_else(client, settings, role, is_led_away):
    settings.REQUIRE_MFA = True
    client.force_login(builders.user(role))

    response = client.get(DASHBOARD)

    assert (response.status_code, getattr(response, "url", "")) == (
        (302, ACCOUNT) if is_led_away else (200, "")
    )


def test_without_a_second_step_no_request_is_seen_by_any_address(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    request = builders.appointment_request(location=receptionist.locations.get())
    client.force_login(receptionist)
    addresses = [
        request.get_absolute_url(),
        reverse("admin:appointments_appointmentrequest_changelist"),
        reverse("admin:appointments_appointmentrequest_news"),
        "/design/",
    ]

    assert {client.get(address).url for address in addresses} == {ACCOUNT}
    assert client.post(request.get_absolute_url() + "claim/").url == ACCOUNT
    give_app(receptionist)
    assert client.get(request.get_absolute_url()).status_code == 200


def test_with_an_app_the_password_alone_opens_nothing(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    give_app(receptionist)

    step = knock(client, receptionist.email, builders.PASSWORD)
    before = client.get(DASHBOARD)
    wrong = client.post(step.url, {"code": "000000"})
    right = client.post(step.url, {"code": code_of(SECRET)})

    assert step.url == reverse("mfa_authenticate")
    assert before.url.startswith(DOOR)
    assert wrong.context["form"].errors["code"] == [
        "This code does not fit, or was used before. Try the next one."
    ]
    assert right.url == DASHBOARD
    assert client.get(DASHBOARD).status_code == 200


def test_a_code_of_the_app_opens_once(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    give_app(receptionist)
    code = code_of(SECRET)
    step = knock(client, receptionist.email, builders.PASSWORD)
    client.post(step.url, {"code": code})
    client.post(reverse("admin:logout"))

    step = knock(client, receptionist.email, builders.PASSWORD)
    again = client.post(step.url, {"code": code})

    assert again.status_code == 200
    assert client.get(DASHBOARD).url.startswith(DOOR)


def test_a_code_of_the_app_opens_once_for_as_long_as_it_fits(client, receptionist):
    give_app(receptionist)
    seen = []
    for second in (0, 45):
        with time_machine.travel(datetime(2027, 1, 4, 17, 0, second, tzinfo=UTC), tick=False):
            code = code_of(SECRET, at=datetime(2027, 1, 4, 17, 0, 30, tzinfo=UTC))
            step = knock(client, receptionist.email, builders.PASSWORD)
            seen.append(client.post(step.url, {"code": code}).status_code)
            client.post(reverse("admin:logout"))

    assert seen == [302, 200]


def test_a_recovery_code_opens_once(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    give_app(receptionist)
    code = RecoveryCodes.activate(receptionist).get_unused_codes()[0]
    seen = []
    for _ in range(2):
        step = knock(client, receptionist.email, builders.PASSWORD)
        seen.append(client.post(step.url, {"code": code}).status_code)
        client.post(reverse("admin:logout"))

    assert seen == [302, 200]


def test_guessing_codes_ends_after_a_few(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    give_app(receptionist)
    step = knock(client, receptionist.email, builders.PASSWORD)
    for guess in range(10):
        client.post(step.url, {"code": f"{guess:06}"})

    assert client.post(step.url, {"code": code_of(SECRET)}).status_code == 200
    assert client.get(DASHBOARD).url.startswith(DOOR)


def test_t35_secrets_of_second_steps_lie_encrypted(receptionist):
    give_app(receptionist)
    RecoveryCodes.activate(receptionist)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert SECRET not in stored
    assert totp.TOTP(Authenticator.objects.get(type="totp")).validate_code("000000") is False
    assert stored.count("gAAAA") == 2


def test_the_last_second_step_stays_where_the_role_needs_one(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    give_app(receptionist)
    step = knock(client, receptionist.email, builders.PASSWORD)
    client.post(step.url, {"code": code_of(SECRET)})

    page = client.post(reverse("mfa_deactivate_totp"))

    assert page.context["form"].non_field_errors() == ["Add another second step first. Your role needs one."]
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_the_last_key_stays_where_the_role_needs_one(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    knock(client, receptionist.email, builders.PASSWORD)
    key = Authenticator.objects.create(user=receptionist, type="webauthn", data={"name": "Key 1"})
    address = reverse("mfa_remove_webauthn", args=[key.pk])

    page = client.post(address)
    give_app(receptionist)
    allowed = client.post(address)

    assert "Add another second step first. Your role needs one." in page.text
    assert (page.status_code, allowed.status_code) == (200, 302)
    assert list(Authenticator.objects.values_list("type", flat=True)) == ["totp"]


def test_t15_who_knew_the_password_alone_gains_nothing_by_the_second_step_of_its_owner(
    client, settings, receptionist, django_capture_on_commit_callbacks
):
    settings.REQUIRE_MFA = True
    thief = type(client)()
    for each in (thief, client):
        knock(each, receptionist.email, builders.PASSWORD)
    form = client.get(reverse("mfa_activate_totp")).context["form"]
    before = thief.get(DASHBOARD).url

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(form.secret)})

    assert (before, thief.get(DASHBOARD).url) == (ACCOUNT, f"{DOOR}?next={DASHBOARD}")
    assert client.get(DASHBOARD).status_code == 200


@pytest.mark.parametrize(
    "credential",
    [
        "1",
        '"a"',
        '["a"]',
        '{"id":"YQ","rawId":"YQ","response":{"clientDataJSON":"YQ","attestationObject":"YQ"},"type":"public-key"}',
        '{"id":"YQ","rawId":"YQ","response":{"clientDataJSON":"e30","attestationObject":"oA"},"type":"public-key"}',
    ],
)
def test_t13_what_is_no_key_is_not_added(client, receptionist, credential):
    knock(client, receptionist.email, builders.PASSWORD)
    client.get(reverse("mfa_add_webauthn"))

    page = client.post(reverse("mfa_add_webauthn"), {"name": "Key", "credential": credential})

    assert (page.status_code, page.context["form"].is_valid()) == (200, False)
    assert not Authenticator.objects.exists()


def test_changes_of_second_steps_are_in_the_audit_trail(
    client, receptionist, django_capture_on_commit_callbacks
):
    knock(client, receptionist.email, builders.PASSWORD)
    form = client.get(reverse("mfa_activate_totp")).context["form"]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(form.secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_deactivate_totp"))

    noted = AuditEvent.objects.filter(action__startswith="second_factor").order_by("pk")
    assert [(event.action, event.subject) for event in noted] == [
        ("second_factor.added", f"person {receptionist.pk}"),
        ("second_factor.removed", f"person {receptionist.pk}"),
    ]


def test_who_may_not_open_the_staff_pages_is_told_instead_of_sent_round(client):
    client.force_login(builders.user("Editor", is_staff=False))

    assert client.get(DASHBOARD, follow=True).status_code == 403


def test_on_the_server_a_lost_second_step_is_taken_away(client, settings, receptionist):
    settings.REQUIRE_MFA = True
    give_app(receptionist)
    client.force_login(receptionist)
    before = client.get(DASHBOARD).status_code

    call_command("reset_second_factor", receptionist.email.upper(), stdout=StringIO())

    assert (before, client.get(DASHBOARD).url) == (200, f"{DOOR}?next={DASHBOARD}")
    assert knock(client, receptionist.email, builders.PASSWORD).url == DASHBOARD
    assert client.get(DASHBOARD).url == ACCOUNT
    assert list(OutboxMessage.objects.values_list("kind", flat=True)) == ["account_changed"]


def test_what_is_not_there_and_what_one_may_not_see_look_alike(client):
    place, page = builders.location(), builders.published_article()
    client.force_login(builders.user("Editor"))
    address = "/admin/r/{}/{}/".format

    kinds = {model: ContentType.objects.get_for_model(model).pk for model in (type(place), type(page))}
    hidden = client.get(address(kinds[type(place)], place.pk))
    nowhere = client.get(address(kinds[type(place)], 999))
    shown = client.get(address(kinds[type(page)], page.pk))

    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert shown.url.endswith(page.get_absolute_url())
    assert {client.get(address(odd, "1")).status_code for odd in ("0", "x", "9" * 30)} == {404}


def test_at_the_second_step_someone_else_may_begin_again(client, receptionist):
    give_app(receptionist)
    step = knock(client, receptionist.email, builders.PASSWORD).url

    client.post(reverse("mfa_begin_again"))

    assert client.get(step).url == DOOR
    assert client.get(DOOR).status_code == 200


def test_t23_the_passkey_of_someone_switched_off_opens_nothing(client, receptionist):
    receptionist.is_active = False
    receptionist.save(update_fields=["is_active"])
    request = client.get(DOOR).wsgi_request
    request._messages = FallbackStorage(request)

    with context.request_context(request):
        response = perform_login(request, Login(user=receptionist))

    assert response.url == f"{DOOR}?next={DASHBOARD}"
    assert request.user.is_anonymous
    assert [str(message) for message in request._messages] == [NO_PASSKEY]


def test_a_passkey_that_was_taken_away_leads_to_the_password_and_on_to_the_same_page(client):
    made_up = '{"id":"YQ","rawId":"YQ","response":{"userHandle":"MQ"},"type":"public-key"}'
    asked = client.get(DOOR, {"next": "/design/"}).context["redirect_field_value"]

    response = client.post(reverse("mfa_login_webauthn"), {"credential": made_up, "next": asked})

    assert response.url == f"{DOOR}?next=/design/"
    assert [str(message) for message in client.get(response.url).context["messages"]] == [NO_PASSKEY]


def focused(page):
    """Return what has the focus when a page opens."""
    tags = re.findall(r"<[^>]+ autofocus\b[^>]*>", page.text)
    return [re.search(r' id="(\w+)"', tag)[1] for tag in tags]


def test_the_cursor_waits_where_the_next_thing_is_typed(client, receptionist):
    give_app(receptionist)
    link = account_links.make(receptionist, AccountLink.Purpose.PASSWORD_RESET, by=None)
    outside = [DOOR, reverse("account_reset_password"), account_links.address_of(link)]
    inside = ["account_reauthenticate", "mfa_reauthenticate", "mfa_add_webauthn"]

    found = [focused(client.get(address)) for address in outside]
    knock(client, receptionist.email, builders.PASSWORD)
    found.append(focused(client.get(reverse("mfa_authenticate"))))
    found.append(focused(client.post(reverse("mfa_authenticate"), {"code": "000000"})))
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    found += [focused(client.get(reverse(name))) for name in inside]

    assert found == [
        ["id_login"],
        ["id_email"],
        ["id_new_password1"],
        ["id_code"],
        ["id_code"],
        ["id_password"],
        ["id_code"],
        ["id_name"],
    ]


def test_t35_second_steps_outlive_the_key_they_were_made_with(receptionist, settings):
    give_app(receptionist)
    codes = RecoveryCodes.activate(receptionist).get_unused_codes()
    new = secrets.token_urlsafe(32)

    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]
    call_command("renew_encryption", stdout=StringIO())
    settings.ENCRYPTION_KEYS = [new]

    app, recovery = (Authenticator.objects.get(type=kind).wrap() for kind in ("totp", "recovery_codes"))
    assert app.validate_code(code_of(SECRET))
    assert recovery.get_unused_codes() == codes
