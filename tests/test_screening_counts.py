"""P10: counting answers never keeps a patient from the next page."""

import time

import pytest
from django.db import connections
from django.urls import reverse

from appointments.models import ScreeningCount
from articles.models import CareCard, CareCardVersion
from clinic import facts
from tests import builders
from tests.journey import say

KEEPS_WRITERS_OUT = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "BEGIN; LOCK TABLE appointments_screeningcount IN SHARE MODE",
}


@pytest.fixture
def busy_writer(transactional_db):
    """Let somebody else write, and not come to an end."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute(KEEPS_WRITERS_OUT[other.vendor])
        yield
        cursor.execute("ROLLBACK")
    other.close()


@pytest.fixture
def start(client, transactional_db):
    """The page that asks about the general card, which earlier tests may have emptied out of its table."""
    card, is_new = CareCard.objects.get_or_create(slug="general-emergency", defaults={"level": "emergency"})
    if is_new:
        by = builders.user()
        wording = CareCardVersion.objects.create(card=card, number=1, bullets="chest pain", created_by=by)
        CareCard.objects.filter(pk=card.pk).update(live=wording)
    builders.location()
    facts.publish()
    return client.get(reverse("request_start"))


def test_whoever_has_warning_signs_does_not_wait_for_another_writer(client, start, busy_writer):
    shown = list(ScreeningCount.objects.values_list("step", "count"))
    started = time.monotonic()

    response = say(client, start, "yes")

    assert time.monotonic() - started < 2
    assert (response.status_code, response.request["PATH_INFO"]) == (200, reverse("request_emergency"))
    assert list(ScreeningCount.objects.values_list("step", "count")) == shown == [("shown", 1)]
