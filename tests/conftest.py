"""The environment of the tests, set before Django reads its settings, and the cast."""

import gc
import os
import secrets
import shutil
from math import inf

import django
import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.stack import requests_in_hand

TEST_ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ENCRYPTION_KEYS": secrets.token_urlsafe(32),
    "SITE_URL": "http://localhost",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "front-desk@harbor.example",
    "TIME_ZONE": "America/Chicago",
    "COUNTRY": "US",
    # Tests of second factors turn it on.
    "REQUIRE_MFA": "0",
    # Playwright keeps an event loop in the test's thread, where Django would refuse database access.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_SWITCHES = [
    # Containers run tests as root, where Chromium has no sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytest_plugins = ["tests.stack.fixtures", "tests.page_states"]

for ambient in (
    "DEBUG",
    "SECRET_KEY_FALLBACKS",
    "CACHE_URL",
    "MEDIA_ROOT",
    "BACKUP_COPY_TO",
    "TRUSTED_PROXY_COUNT",
):
    os.environ.pop(ambient, None)
os.environ.update(TEST_ENVIRONMENT)


def pytest_configure(config):
    """Read the settings now that the environment stands; pytest-django does so before this file."""
    django.setup()
    # They import models, so they can't stand above.
    for plugin in ("tests.editor_page", "tests.attacks.walking"):
        config.pluginmanager.import_plugin(plugin)


def pytest_collection_modifyitems(config, items):
    """Leave out what is about the file of SQLite where there is none, and mark what fills the table."""
    if connection.vendor != "sqlite":
        about_its_file = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=about_its_file)
        items[:] = [item for item in items if item not in about_its_file]
    for item in items:
        if "promise" in item.fixturenames:
            item.add_marker(pytest.mark.promise)


def pytest_collection_finish():
    """Spare the garbage collector the thousands of tests, which all stay to the end."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """Use a file of this run on SQLite: in memory there is no WAL, and no second connection."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"] = {
            **database.get("TEST", {}),
            "NAME": tmp_path_factory.mktemp("database") / "test.sqlite3",
        }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Empty the tables after a test only when the live server is done with its last request."""
    flush = type(connection.ops).execute_sql_flush
    empty = _without_triggers(flush) if connection.vendor == "sqlite" else flush

    def flush_in_peace(ops, sql_list):
        requests_in_hand.wait_for_none()
        empty(ops, sql_list)

    requests_in_hand.watch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", flush_in_peace)
        yield


def _without_triggers(flush):
    """Take SQLite's triggers away while rows are flushed; PostgreSQL's TRUNCATE passes them by."""

    def flush_without_triggers(ops, sql_list):
        with transaction.atomic(), connection.cursor() as cursor:
            triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(ops, sql_list)
            for _name, sql in triggers:
                cursor.execute(sql)

    return flush_without_triggers


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the system's Chromium; without one browser tests skip, or fail under REQUIRE_BROWSER=1."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, and there is no Chromium on the PATH.")
    if chromium is None:
        pytest.skip("There is no Chromium on the PATH.")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_SWITCHES}


@pytest.fixture(autouse=True)
def _quick_and_apart(settings, tmp_path, monkeypatch):
    """Hash passwords fast, serve static files without a build, and keep uploads out of var/."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FACTS_FILE = tmp_path / "facts.json"
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Else what many tests have counted is written once a minute, by whichever is there then.
    monkeypatch.setattr("articles.visits.WRITE_EVERY", inf)
