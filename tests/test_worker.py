"""The worker's turns: what one chore runs into keeps no other from its turn."""

from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone

from appointments.models.choices import Status
from clinic.management.commands.worker import Command
from clinic.models import Clinic, Location, WorkerBeat
from tests import builders


class OneTurn(Event):
    """Ends the worker when it would rest for the first time."""

    def wait(self, timeout=None):
        self.set()


@pytest.mark.django_db(transaction=True)
def test_a_chore_that_fails_keeps_no_other_from_its_turn(caplog):
    long_ago = timezone.now() - timedelta(days=91)
    request = builders.appointment_request(status=Status.CLOSED, closed_at=long_ago)
    Clinic.objects.create()
    Location.objects.update(time_zone="Nowhere/Town")

    Command().run_until(OneTurn())

    request.refresh_from_db()
    assert "chore_failed chore=renew_facts" in caplog.text
    assert (request.full_name, WorkerBeat.objects.count()) == ("", 1)


@pytest.mark.django_db(transaction=True)
def test_under_the_maintenance_page_the_worker_beats_its_heart_and_does_nothing_else(settings):
    long_ago = timezone.now() - timedelta(days=91)
    request = builders.appointment_request(status=Status.CLOSED, closed_at=long_ago)
    Clinic.objects.create()
    settings.MAINTENANCE_FILE.touch()

    Command().run_until(OneTurn())
    request.refresh_from_db()
    while_closed = (bool(request.full_name), WorkerBeat.objects.count())
    settings.MAINTENANCE_FILE.unlink()
    Command().run_until(OneTurn())
    request.refresh_from_db()

    assert (while_closed, request.full_name) == ((True, 1), "")
