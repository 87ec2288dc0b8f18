"""Questions on the check page: what is unusual but possible is asked, and never in the way."""

import pytest
from django.urls import reverse

from appointments.models import AppointmentRequest
from clinic.models import InsurancePlan
from tests import builders
from tests.journey import answers, form_on, post, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def northside():
    return builders.location("Northside", slug="northside")


@pytest.fixture
def mill_road():
    return builders.location("Mill Road", slug="mill-road")


@pytest.fixture
def mara(mill_road):
    therapist = builders.therapist("Mara Lindqvist", slug="mara-lindqvist")
    therapist.locations.add(mill_road)
    return therapist


def checked(client, **changes):
    return post(client, "request_form", answers(**changes))


def asked_on(page):
    return [(question.text, question.button) for question in page.context["questions"]]


def test_nearly_everyone_is_asked_nothing(client, northside):
    page = checked(client, email="ana@hotmail.com")

    assert asked_on(page) == []


def test_R27_a_likely_slip_in_the_address_is_asked_about(client, northside):
    page = checked(client, email="ana@homtail.com")

    assert asked_on(page) == [("Did you mean ana@hotmail.com?", "Use ana@hotmail.com")]


def test_R27_one_tap_uses_the_other_address_and_only_that_one_is_carried_on(client, northside):
    page = checked(client, email="ana@homtail.com", suits=["mon", "tue"])
    typed = form_on(page, "/send/").fields

    again = post(client, "request_form", [*typed, ("email", "ana@hotmail.com")])

    assert asked_on(again) == []
    assert [value for name, value in form_on(again, "/send/").fields if name == "email"] == [
        "ana@hotmail.com"
    ]
    assert [value for name, value in form_on(again, "/send/").fields if name == "suits"] == ["mon", "tue"]


def test_R27_whoever_means_the_address_just_sends(client, northside):
    page = checked(client, email="ana@homtail.com")

    submit(client, page, "/send/")

    request = AppointmentRequest.objects.get()
    assert (request.email, request.quarantined_at) == ("ana@homtail.com", None)


def test_a_therapist_who_works_elsewhere_is_asked_about(client, northside, mara):
    page = checked(client, location="northside", therapist="mara-lindqvist")

    assert asked_on(page) == [
        (
            "Mara Lindqvist does not work at Northside."
            " Choose another location, or we find someone else there.",
            "Change location",
        )
    ]


def test_a_therapist_whose_place_takes_no_requests_now_is_asked_about(client, northside, mara, mill_road):
    mill_road.takes_online_requests = False
    mill_road.save()

    page = checked(client, location="northside", therapist="mara-lindqvist")

    assert asked_on(page) == [
        (
            "Mara Lindqvist does not work at Northside. Choose someone else, or we find someone there.",
            "Change therapist",
        )
    ]


@pytest.mark.parametrize("places", [["northside"], ["northside", "mill-road"], []])
def test_a_therapist_who_works_there_or_anywhere_is_no_question(client, northside, mara, mill_road, places):
    mara.locations.set([place for place in (northside, mill_road) if place.slug in places])

    page = checked(client, location="northside", therapist="mara-lindqvist")

    assert asked_on(page) == []


@pytest.mark.parametrize("accepted_here", [False, True])
def test_an_insurance_that_only_another_place_accepts_is_asked_about(
    client, northside, mill_road, accepted_here
):
    plan = InsurancePlan.objects.create(name="Lakeside Health")
    plan.locations.set([northside, mill_road] if accepted_here else [mill_road])

    page = checked(client, location="northside", plan=str(plan.pk))

    assert asked_on(page) == [
        (
            "Northside does not accept Lakeside Health. "
            "Choose another location, or we talk about how you can pay.",
            "Change location",
        )
    ] * (not accepted_here)


def test_the_therapist_asked_for_is_stored_although_the_question_was_passed(client, northside, mara):
    page = checked(client, location="northside", therapist="mara-lindqvist")

    submit(client, page, "/send/")

    request = AppointmentRequest.objects.get()
    assert (request.therapist, request.location) == (mara, northside)


def test_the_button_leads_to_the_question_it_names(client, northside, mara):
    page = checked(client, location="northside", therapist="mara-lindqvist")
    (question,) = page.context["questions"]
    address, _hash, anchor = question.address.partition("#")

    form = post(client, "request_change", form_on(page, "/send/").fields)

    assert address == reverse("request_change")
    assert f'id="{anchor}"' in form.content.decode()
