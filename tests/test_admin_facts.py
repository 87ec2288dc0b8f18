"""The clinic's facts in the admin: published at once, noted in the audit trail, and hard to get wrong."""

import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clinic import facts, mail_kinds, outbox, pages, prose
from clinic.models import (
    AuditEvent,
    Clinic,
    Closure,
    Location,
    OutboxMessage,
    Page,
    Picture,
)
from tests import builders, codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    person = builders.user("Manager", name="Ruth Amari")
    client.force_login(person)
    return person


@pytest.fixture
def superuser(client):
    person = builders.user(is_superuser=True)
    client.force_login(person)
    return person


FOCUS = {"focal_x": 50, "focal_y": 50}


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def trail(action):
    return list(AuditEvent.objects.filter(action=action).values_list("subject", flat=True))


def location_form(place, hours):
    """The form of a location as a browser sends it, with (weekday, opens, closes) rows."""
    fields = ("name", "slug", "position", "street", "city", "postal_code", "phone", "time_zone")
    form = {name: getattr(place, name) for name in fields}
    form |= {"opening_hours-TOTAL_FORMS": len(hours), "opening_hours-INITIAL_FORMS": 0}
    for number, (weekday, opens, closes) in enumerate(hours):
        row = f"opening_hours-{number}"
        form |= {f"{row}-weekday": weekday, f"{row}-opens_at": opens, f"{row}-closes_at": closes}
    return form


def test_the_list_of_clinics_is_the_one_form_and_looking_stores_nothing(client, manager):
    response = client.get(url("clinic_clinic_changelist"), follow=True)

    assert response.redirect_chain == [(url("clinic_clinic_change", 1), 302)]
    assert response.context["adminform"].form["name"].value() == "Physical therapy clinic"
    assert Clinic.objects.count() == 0


def test_a_saved_fact_shows_on_every_page_at_once(client, manager):
    form = {"name": "Harbor Physical Therapy", "phone": "(555) 010-0100", "urgent_target_minutes": 60,
            "routine_target_minutes": 240, "hue": 190}  # fmt: skip

    client.post(url("clinic_clinic_change", 1), form)

    assert facts.load()["phone"] == facts.fallback()["phone"] == "(555) 010-0100"
    assert trail("setting.changed") == ["clinic Harbor Physical Therapy"]


def test_the_one_clinic_is_changed_whatever_number_is_asked_for(client, manager):
    Clinic.objects.create(name="Harbor")
    form = {
        "name": "Harbor Physical Therapy",
        "urgent_target_minutes": 60,
        "hue": 190,
        "routine_target_minutes": 240,
    }

    client.post(url("clinic_clinic_change", 999), form)

    assert Clinic.objects.get().name == "Harbor Physical Therapy"


def test_new_hours_are_published(client, manager):
    place = builders.location("Northside", weekdays=())

    client.post(url("clinic_location_change", place.pk), location_form(place, [(0, "08:00", "12:00")]))

    [stored] = facts.load()["locations"]
    assert stored["hours"] == {"0": [["08:00:00", "12:00:00"]]}
    assert trail("setting.changed") == ["location Northside"]


def test_a_location_without_hours_offers_a_row_for_each_day(client, manager):
    empty, open_ = builders.location(weekdays=()), builders.location(weekdays=[0, 1])
    addresses = [
        url("clinic_location_add"),
        *(url("clinic_location_change", one.pk) for one in (empty, open_)),
    ]

    formsets = [client.get(address).context["inline_admin_formsets"][0].formset for address in addresses]

    assert [formset.total_form_count() for formset in formsets] == [7, 7, 2 + 1]


def test_hours_of_one_day_may_touch_but_not_overlap(client, manager):
    place = builders.location(weekdays=())
    address = url("clinic_location_change", place.pk)

    refused = client.post(address, location_form(place, [(0, "08:00", "12:00"), (0, "11:00", "15:00")]))
    client.post(address, location_form(place, [(0, "08:00", "12:00"), (0, "12:00", "15:00")]))

    [formset] = refused.context["inline_admin_formsets"]
    assert formset.non_form_errors() == ["Two rows of one day overlap. Change or remove one of them."]
    assert place.opening_hours.count() == 2


def test_a_closure_that_is_taken_back_disappears_from_the_site(client, manager):
    place = builders.location()
    day = date(2026, 12, 24)
    closure = Closure.objects.create(location=place, first_day=day, last_day=day, reason="Holidays")
    facts.publish()

    client.post(url("clinic_closure_delete", closure.pk), {"post": "yes"})

    assert facts.load()["locations"][0]["closures"] == []
    assert trail("setting.deleted") == ["closure Holidays, 24 December 2026"]


def page_form(**changes):
    return {
        "title": "About us",
        "body": "<p>We listen.</p>",
        "slug": "about",
        "menu": "footer",
        "position": 0,
        **changes,
    }


def test_saving_a_page_makes_a_text_that_readers_do_not_see_before_it_is_published(client, manager):
    client.post(url("clinic_page_add"), page_form(_continue="1"))
    page = Page.objects.get()
    assert page.live is None

    client.post(url("clinic_page_change", page.pk), page_form(body="<p>We listen first.</p>", _publish="1"))

    page.refresh_from_db()
    assert [text.body for text in page.revisions.all()] == ["<p>We listen first.</p>", "<p>We listen.</p>"]
    assert page.live == page.revisions.first()
    assert facts.load()["footer"] == [{"title": "About us", "slug": "about"}]
    assert trail("page.published") == ["page about"]


def test_moving_a_page_to_another_menu_makes_no_new_text(client, manager):
    page = Page.objects.create(slug="about")
    text = {"title": "About us", "summary": "", "description": "", "body": "<p>We listen.</p>"}
    pages.publish(page, pages.keep(page, **text, by=manager), by=manager)

    client.post(url("clinic_page_change", page.pk), page_form(menu="main", _continue="1"))

    assert page.revisions.count() == 1
    assert [entry["slug"] for entry in facts.load()["menu"]] == ["about"]


@pytest.mark.parametrize("slug", ["staff", "admin", "appointments"])
def test_a12_a_page_cannot_take_the_address_of_another_part_of_the_site(client, manager, slug):
    response = client.post(url("clinic_page_add"), page_form(slug=slug))

    assert list(response.context["adminform"].form.errors) == ["slug"]
    assert Page.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<h2>Our way</h2><p>We <strong>listen</strong>.</p>",) * 2,
        ('<p><a href="/staff/">us</a> <a href="tel:+15550100100">call</a></p>',) * 2,
        ('<table><tbody><tr><th scope="col">Day</th></tr></tbody></table>',) * 2,
        ("<p>one<br>two</p><ul><li>three</li></ul>",) * 2,
        ('<p style="color:red" class="x" id="y" onclick="z()">a</p>', "<p>a</p>"),
        ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><img src="x" onerror="alert(1)">a</p>', "<p>a</p>"),
        ("<h1>a</h1><iframe src='/'></iframe>", "a"),
    ],
)
def test_t11_the_text_of_a_page_is_reduced_to_what_the_editor_makes(typed, kept):
    assert prose.clean(typed) == kept
    assert prose.clean(kept) == kept


def upload(content, name="a.png"):
    return {"title": "Gym", "alt": "A gym.", "upload": SimpleUploadedFile(name, content)}


def png():
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def test_an_uploaded_picture_is_stored_with_its_copies_and_listed(client, manager):
    client.post(url("clinic_picture_add"), upload(png()))

    picture = Picture.objects.get()
    assert (picture.title, picture.width, picture.created_by) == ("Gym", 900, manager)
    assert picture.thumbnail_url in client.get(url("clinic_picture_changelist")).text


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"", b"\x89PNG cut short"])
def test_an_upload_that_is_no_picture_is_refused_with_a_sentence(client, manager, content):
    response = client.post(url("clinic_picture_add"), upload(content))

    assert list(response.context["adminform"].form.errors) == ["upload"]
    assert Picture.objects.count() == 0


def test_new_words_for_the_picture_of_the_home_page_are_published_at_once(client, manager):
    picture = builders.picture("Gym", alt="A gym.")
    Clinic.objects.create(hero=picture)
    facts.publish()

    client.post(url("clinic_picture_change", picture.pk), {"title": "Gym", "alt": "A bright gym.", **FOCUS})

    assert facts.load()["hero"]["alt"] == "A bright gym."


def test_a_picture_keeps_its_file_when_its_words_change(client, manager):
    picture = builders.picture("Gym")

    client.post(url("clinic_picture_change", picture.pk), {"title": "Gym", "alt": "A bright gym.", **FOCUS})

    changed = Picture.objects.get()
    assert (changed.alt, changed.file.name) == ("A bright gym.", picture.file.name)


def test_mail_that_was_given_up_is_red_and_can_be_sent_again(client, manager):
    failed = OutboxMessage.objects.create(kind="front_desk_notice", object_id=1, failed_at=timezone.now())
    sent = OutboxMessage.objects.create(kind="front_desk_notice", object_id=2, sent_at=timezone.now())
    address = url("clinic_outboxmessage_changelist")

    listed = client.get(address, {"state": "failed"})
    client.post(address, {"action": "send_again", "_selected_action": [failed.pk, sent.pk]})

    assert list(listed.context["cl"].result_list) == [failed]
    assert '<span class="badge badge-urgent">Given up</span>' in listed.text
    assert list(OutboxMessage.objects.waiting()) == [failed]
    assert trail("mail.sent_again") == ["front_desk_notice 1"]


def test_every_mail_that_the_code_owes_has_a_label():
    kinds = codes.handed_to("outbox.owe")

    assert [kind for kind in kinds if mail_kinds.label_of(kind) == kind] == []
    assert {"front_desk_notice", "password_reset", "test_mail"} < kinds


def test_outgoing_mail_is_shown_in_words_and_filtered_by_its_codes(client, manager):
    messages = [
        OutboxMessage.objects.create(kind=kind, object_id=7) for kind in ("password_reset", "of_yesterday")
    ]
    page = url("clinic_outboxmessage_changelist")

    listed = client.get(page)
    filtered = client.get(page, {"kind": "password_reset"})
    detail = client.get(url("clinic_outboxmessage_change", messages[0].pk))

    offered = listed.context["cl"].filter_specs[1].lookup_choices
    assert offered == [("password_reset", "Link for a new password"), ("of_yesterday", "of_yesterday")]
    assert listed.text.count('<td class="field-what">Link for a new password</td>') == 1
    assert list(filtered.context["cl"].result_list) == messages[:1]
    assert "<h1>Link for a new password · 7</h1>" in detail.text
    assert '<div class="readonly">password_reset</div>' in detail.text


@pytest.mark.parametrize(
    ("country", "said"), [("US", "3 November 2026, 2:05 pm"), ("DE", "3 November 2026, 14:05")]
)
def test_staff_lists_say_times_as_all_other_pages(client, manager, settings, country, said):
    settings.COUNTRY = country
    moment = datetime(2026, 11, 3, 20, 5, tzinfo=UTC)
    event = AuditEvent.objects.create(action="login", at=moment)

    listed = client.get(url("clinic_auditevent_changelist"))
    detail = client.get(url("clinic_auditevent_change", event.pk))

    assert [page.text.count(said) for page in (listed, detail)] == [1, 1]


def test_of_a_list_of_addresses_each_wrong_one_is_named(client, manager):
    place = builders.location(weekdays=())
    typed = "desk@harbor.example\nnorthside, mill-road@harbor"

    response = client.post(
        url("clinic_location_change", place.pk), location_form(place, []) | {"front_desk_emails": typed}
    )

    assert response.context["adminform"].form.errors == {
        "front_desk_emails": [
            "Enter an e-mail address such as name@example.com, not “northside,”.",
            "Enter an e-mail address such as name@example.com, not “mill-road@harbor”.",
        ]
    }


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("auditevent", [200, 403, 403, 403]), ("outboxmessage", [200, 403, 403, 403])],
)
def test_t24_not_even_a_superuser_writes_the_audit_trail_or_the_outbox(client, superuser, name, statuses):
    AuditEvent.objects.create(action="kept")
    OutboxMessage.objects.create(kind="kept", object_id=1)
    pk = {"auditevent": AuditEvent, "outboxmessage": OutboxMessage}[name].objects.first().pk

    got = [
        client.get(url(f"clinic_{name}_change", pk)).status_code,
        client.post(url(f"clinic_{name}_change", pk), {"action": "forged"}).status_code,
        client.post(url(f"clinic_{name}_add"), {"action": "forged"}).status_code,
        client.post(url(f"clinic_{name}_delete", pk), {"post": "yes"}).status_code,
    ]

    assert got == statuses
    assert "delete_selected" not in client.get(url(f"clinic_{name}_changelist")).text


def test_a_front_desk_sees_the_closures_of_its_own_place_only(client):
    here, elsewhere = builders.location("Northside"), builders.location("Mill Road")
    for place in (here, elsewhere, None):
        Closure.objects.create(location=place, first_day="2026-12-24", last_day="2026-12-24", reason="Snow")
    client.force_login(builders.user("Front desk", locations=[here]))

    response = client.get(url("clinic_closure_changelist"))

    assert [closure.location for closure in response.context["cl"].result_list] == [here]
    assert set(Location.objects.all()) == {here, elsewhere}


def test_a_message_given_up_stays_given_up_until_somebody_asks():
    message = OutboxMessage.objects.create(kind="front_desk_notice", object_id=1, sent_at=timezone.now())

    assert not outbox.send_again(message)
