"""T35: what patients told us and the keys to it are readable by the site's own user alone."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic import checks, exposure
from tests.stack.installed import mode
from tests.test_start import GOOD


@pytest.fixture
def site(settings, tmp_path, monkeypatch):
    """Return settings whose database, keys and folders lie in a folder of this test, all private."""
    file = tmp_path / "clinic.sqlite3"
    key = tmp_path / "encryption-key"
    for private in (file, key):
        private.touch(mode=0o600)
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    settings.ENCRYPTION_KEY_FILE, settings.BASE_DIR = key, tmp_path
    return settings


def test_t35_a_private_site_starts(site):
    assert exposure.refuse() is None


@pytest.mark.parametrize("name", ["clinic.sqlite3", "clinic.sqlite3-wal", "encryption-key", "var/env"])
def test_t35_a_file_that_others_can_read_stops_the_start(site, tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.touch()
    file.chmod(0o644)

    with pytest.raises(ImproperlyConfigured) as refusal:
        exposure.refuse()

    assert str(refusal.value) == f"Other accounts of this machine can read {file}. Run: chmod 600 {file}"


def test_t35_while_debugging_nobody_is_refused(site, tmp_path):
    (tmp_path / "encryption-key").chmod(0o644)
    site.DEBUG = True

    assert exposure.refuse() is None


def test_t35_a_database_among_the_pictures_stops_the_start(site, tmp_path):
    site.MEDIA_ROOT = tmp_path

    assert exposure.found() == ["Visitors could read the database in MEDIA_ROOT. Move it elsewhere."]


def test_t35_uploads_among_the_static_files_stop_the_start(site, tmp_path):
    site.STATIC_ROOT, site.MEDIA_ROOT = tmp_path / "static", tmp_path / "static/media"

    assert exposure.found() == [
        "Set MEDIA_ROOT to a folder outside of the static files; they go with every upgrade."
    ]


def test_t35_whatever_the_umask_a_new_database_is_private(tmp_path):
    file = tmp_path / "clinic.sqlite3"

    subprocess.run(
        [sys.executable, "manage.py", "migrate", "auth", "-v0"],
        env=GOOD | {"DATABASE_URL": f"sqlite:///{file}", "MEDIA_ROOT": str(tmp_path / "media")},
        umask=0o022,
        check=True,
    )

    assert mode(file) == "600"


@pytest.mark.parametrize(("count", "found"), [(0, ["clinic.W001"]), (1, [])])
def test_an_https_site_is_told_to_trust_its_proxy(settings, count, found):
    settings.IS_HTTPS, settings.TRUSTED_PROXY_COUNT = True, count

    assert [warning.id for warning in checks.trusted_proxy(None)] == found


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ("clinic.mail_files.EmailBackend", ["clinic.W002"]),
        ("django.core.mail.backends.smtp.EmailBackend", []),
    ],
)
def test_a_public_site_is_told_when_its_mail_reaches_nobody(settings, backend, found):
    settings.IS_HTTPS, settings.EMAIL_BACKEND = True, backend

    assert [warning.id for warning in checks.mail_leaves_the_machine(None)] == found
