"""Files of uploads that were never finished: gone after a day, and nothing else with them."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from clinic import orphans
from tests import builders

pytestmark = pytest.mark.django_db


def stored():
    return {f"{folder}/{name}" for folder in orphans.FOLDERS for name in default_storage.listdir(folder)[1]}


def leave_behind(name, *, hours_ago=0):
    default_storage.save(name, ContentFile(b"half a picture"))
    written = timezone.now().timestamp() - hours_ago * 3600
    os.utime(default_storage.path(name), (written, written))


def test_a_file_without_a_row_goes_after_a_day_and_all_others_stay():
    builders.picture()
    builders.document()
    known = stored()
    leave_behind("pictures/orphan.png", hours_ago=25)
    leave_behind("documents/orphan.pdf", hours_ago=25)
    leave_behind("pictures/of-this-moment.png", hours_ago=23)

    removed = orphans.remove(timezone.now())

    assert removed == 2
    assert stored() == known | {"pictures/of-this-moment.png"}


def test_files_with_rows_stay_however_old_they_are():
    builders.picture()
    builders.document()
    known = stored()

    removed = orphans.remove(timezone.now() + timedelta(days=4000))

    assert len(known) >= 3
    assert (removed, stored()) == (0, known)


def test_too_many_at_once_are_left_alone_and_reported(caplog):
    for number in range(orphans.MOST_AT_ONCE + 1):
        leave_behind(f"pictures/{number}.png", hours_ago=25)

    removed = orphans.remove(timezone.now())

    assert removed == 0
    assert len(default_storage.listdir("pictures")[1]) == orphans.MOST_AT_ONCE + 1
    assert f"orphans.too_many count={orphans.MOST_AT_ONCE + 1}" in caplog.text


def test_files_of_another_database_are_left_alone_and_reported(caplog):
    leave_behind("pictures/known-to-the-other.png", hours_ago=25)

    removed = orphans.remove(timezone.now())

    assert (removed, default_storage.listdir("pictures")[1]) == (0, ["known-to-the-other.png"])
    assert "orphans.too_many count=1" in caplog.text


def test_a_site_without_uploads_has_no_orphans():
    assert orphans.remove(timezone.now()) == 0
