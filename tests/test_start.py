import os
import runpy
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

GOOD = {
    "SECRET_KEY": "K7hQ2xVb9LmT4zRkW8pYc3HsJ6nGd5AeUwXqZ1oBvKiMtP0rS-_u",
    "SITE_URL": "https://www.harbor.example",
    "EMAIL_URL": "smtps://clinic:password@mail.harbor.example",
    "DEFAULT_FROM_EMAIL": "front-desk@harbor.example",
    "TIME_ZONE": "America/Chicago",
}
NO_KEY = "Set SECRET_KEY to a random text of at least 50 characters, kept secret."
WEAK_KEY = "Set SECRET_KEY to a new random text of at least 50 characters; this one is short or an example."
FALLBACKS = "Set SECRET_KEY_FALLBACKS to earlier secret keys, separated by commas."
ADDRESS = "Set SITE_URL to the site's address alone, such as https://www.clinic.example."
HTTPS = "Set SITE_URL to an https address; http is for this machine's own 127.0.0.1."
HOSTS = "Set ALLOWED_HOSTS to full host names separated by commas, without * or port."
OWN_HOST = "Set ALLOWED_HOSTS so that it names the host of SITE_URL too."
DATABASE = "Set DATABASE_URL to sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME."
MAIL = (
    "Set EMAIL_URL to smtps://USER:PASSWORD@HOST:PORT "
    "(kinds: smtp, smtp+tls, smtp+ssl, smtps, filemail, consolemail, memorymail)."
)
IN_CLEAR = "Set EMAIL_URL to smtps:// or smtp+tls://; smtp sends passwords and mail in clear."
SENDER = "Set DEFAULT_FROM_EMAIL to the address mails come from, such as front-desk@clinic.example."
CACHE = "Set CACHE_URL to rediscache://HOST:PORT/0 or dbcache://TABLE, or leave it out."
PROXIES = "Set TRUSTED_PROXY_COUNT to how many proxies stand in front: 0 to 9."
ZONE = "Set TIME_ZONE to the clinic's time zone, such as America/Chicago."
COUNTRY = "Set COUNTRY to US, GB, EU or the two letters of a country of the EU."
FULL_DISK = "The disk of the database is full or failing. Make room: an installed site then starts alone."
PUBLIC_DEBUG = "Set DEBUG to 0: its error pages show secrets, and ALLOWED_HOSTS is public."


@pytest.fixture
def start(monkeypatch):
    """Read the settings file anew under the given variables."""

    def start(**variables):
        for name in os.environ:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(settings.BASE_DIR / "clinic/settings.py")

    return start


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", NO_KEY),
        ("SECRET_KEY", "short", WEAK_KEY),
        ("SECRET_KEY", "django-insecure-" + GOOD["SECRET_KEY"], WEAK_KEY),
        ("SECRET_KEY", "change-me-" + GOOD["SECRET_KEY"], WEAK_KEY),
        ("SECRET_KEY", "x" * 64, WEAK_KEY),
        ("SECRET_KEY_FALLBACKS", "short", FALLBACKS),
        ("DEBUG", "perhaps", "Set DEBUG to 1 or 0, or leave it out."),
        ("DEBUG", "1", PUBLIC_DEBUG),
        ("SITE_URL", "", ADDRESS),
        ("SITE_URL", "www.harbor.example", ADDRESS),
        ("SITE_URL", "ftp://www.harbor.example", ADDRESS),
        ("SITE_URL", "https://www.harbor.example/clinic", ADDRESS),
        ("SITE_URL", "https://user@www.harbor.example", ADDRESS),
        ("SITE_URL", "https://www.harbor.example:0", ADDRESS),
        ("SITE_URL", "http://www.harbor.example", HTTPS),
        ("ALLOWED_HOSTS", "*", HOSTS),
        ("ALLOWED_HOSTS", ".harbor.example", HOSTS),
        ("ALLOWED_HOSTS", "www.harbor.example:443", HOSTS),
        ("ALLOWED_HOSTS", "harbor.example", OWN_HOST),
        ("DATABASE_URL", "sqlite://", DATABASE),
        ("DATABASE_URL", "mysql://clinic@localhost/clinic", DATABASE),
        ("DATABASE_URL", "postgres://clinic@localhost:many/clinic", DATABASE),
        ("DATABASE_URL", "var/clinic.sqlite3", DATABASE),
        ("EMAIL_URL", "", MAIL),
        ("EMAIL_URL", "mail.harbor.example", MAIL),
        ("EMAIL_URL", "smtps://", MAIL),
        ("EMAIL_URL", "smtps://mail.harbor.example:many", MAIL),
        ("EMAIL_URL", "imap://mail.harbor.example", MAIL),
        ("EMAIL_URL", "smtp://clinic:password@mail.harbor.example", IN_CLEAR),
        ("DEFAULT_FROM_EMAIL", "", SENDER),
        ("DEFAULT_FROM_EMAIL", "front desk", SENDER),
        ("CACHE_URL", "cache.harbor.example", CACHE),
        ("TRUSTED_PROXY_COUNT", "-1", PROXIES),
        ("TRUSTED_PROXY_COUNT", "one", PROXIES),
        ("TIME_ZONE", "", ZONE),
        ("TIME_ZONE", "Chicago", ZONE),
        ("COUNTRY", "FR-FR", COUNTRY),
        ("COUNTRY", "CA", COUNTRY),
    ],
)
def test_a_bad_or_missing_value_stops_the_start_with_a_sentence(start, name, value, sentence):
    with pytest.raises(ImproperlyConfigured) as refusal:
        start(**GOOD | {name: value})

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("program", ["manage.py", "-c import clinic.wsgi"])
def test_the_processes_print_the_sentence_alone_and_exit_1(program):
    arguments = ["-c", program.removeprefix("-c ")] if program.startswith("-c") else [program, "check"]

    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=GOOD | {"SECRET_KEY": ""},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout, done.stderr) == (1, "", NO_KEY + "\n")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Only Linux limits a program's files.")
def test_p11_on_a_full_disk_a_process_says_so_and_that_it_will_start(tmp_path):
    file = tmp_path / "clinic.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (id)")

    # With -B, or Python would cut off what it keeps of compiled modules.
    done = subprocess.run(
        ["prlimit", "--fsize=4096", sys.executable, "-B", "-c", "import clinic.wsgi"],
        cwd=settings.BASE_DIR,
        env=GOOD | {"DATABASE_URL": f"sqlite:///{file}", "PATH": os.defpath},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (1, FULL_DISK + "\n")


def test_the_defaults_are_the_safe_ones(start):
    read = start(**GOOD)

    assert read["DEBUG"] is False
    assert read["ALLOWED_HOSTS"] == ["www.harbor.example"]
    assert read["DATABASES"]["default"]["NAME"] == settings.BASE_DIR / "var/clinic.sqlite3"
    assert read["MEDIA_ROOT"] == settings.BASE_DIR / "var/media"
    assert read["COUNTRY"] == "US"
    assert read["TRUSTED_PROXY_COUNT"] == 0
    assert (read["EMAIL_USE_SSL"], read["EMAIL_USE_TLS"], read["EMAIL_PORT"]) == (True, False, 465)


def test_cookies_and_transport_follow_the_scheme_of_the_address(start):
    secured = start(**GOOD)
    on_this_machine = start(**GOOD | {"SITE_URL": "http://127.0.0.1:8000"})

    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    assert [secured[name] for name in names] == ["__Host-sessionid", "__Host-csrftoken", True, 31536000]
    assert [on_this_machine[name] for name in names] == ["sessionid", "csrftoken", False, 0]


def test_debugging_on_this_machine_needs_nothing_set(start):
    read = start(DEBUG="1")

    assert len(read["SECRET_KEY"]) >= 50
    assert read["ALLOWED_HOSTS"] == ["127.0.0.1"]


def test_an_earlier_key_still_verifies(start):
    earlier = GOOD["SECRET_KEY"][::-1]

    read = start(**GOOD | {"SECRET_KEY_FALLBACKS": earlier})

    assert read["SECRET_KEY_FALLBACKS"] == [earlier]
