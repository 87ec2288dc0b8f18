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
