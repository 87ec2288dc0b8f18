"""P18: from the release before to this one and back, with data in it, on both databases.

A folder stands for a server, on which the units run the earlier release. The rest is make.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.stack.databases import PostgresDatabase, SqliteDatabase
from tests.stack.installed import Installed
from tests.stack.site import PROJECT
from tests.stack.visitor import Visitor

pytestmark = pytest.mark.faults

# The tagged state before this release, v0.1.0.
PREVIOUS = "af7428a7801fa79f8458b4e1e669b8b4f7a4d4db"
EVIDENCE = {
    # What is closed long enough may be erased by the new version's worker, whose duty that is.
    "open requests": "SELECT id, reference, full_name, phone, email, notes, received_at"
    " FROM appointments_appointmentrequest WHERE status <> 'closed'",
    "requests": "SELECT id, reference, received_at FROM appointments_appointmentrequest",
    "history": "SELECT id, request_id, step, at FROM appointments_requestevent",
    "texts": "SELECT id, article_id, title, summary, body, created_at FROM articles_revision",
    "signatures": "SELECT id, revision_id, digest, signed_on FROM articles_signature",
    "audit trail": "SELECT id, action, at FROM clinic_auditevent",
    "people": "SELECT id, email, password FROM staff_user",
}
SETTINGS = """\
SITE_URL=http://127.0.0.1:{port}
ALLOWED_HOSTS=127.0.0.1
SECRET_KEY=K7hQ2xVb9LmT4zRkW8pYc3HsJ6nGd5AeUwXqZ1oBvKiMtP0rS-_u
EMAIL_URL=smtp://127.0.0.1:9
DEFAULT_FROM_EMAIL=front-desk@harbor.example
TIME_ZONE=America/Chicago
COUNTRY=US
MEDIA_ROOT={data}/media
DATABASE_URL={database}
PORT={port}
WEB_WORKERS=1
"""
FAILING = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinic", "{last}")]
    operations = [migrations.RunSQL("INSERT INTO clinic_hit SELECT * FROM nowhere")]
"""


class Server(Installed):
    """A server on which the release before this one is in use, with the demo clinic in its database."""

    def __init__(self, root, earlier, database):
        super().__init__(root)
        self.database, self.earlier = database, earlier
        env = root / "etc/clinic/env"
        env.parent.mkdir(parents=True, exist_ok=True)
        env.write_text(SETTINGS.format(port=self.port, data=self.data, database=database.url))
        env.chmod(0o600)
        (self.data / "media").mkdir(parents=True, exist_ok=True)
        self.current.unlink(missing_ok=True)
        self.current.symlink_to(earlier)
        (root / "opt/clinic/releases.json").unlink(missing_ok=True)
        self.write_units()
        if not (earlier / "var/static").exists():
            self.manage("collectstatic", "--no-input", "-v0")
        self.manage("migrate", "-v0")
        self.manage("demo")
        self.start("clinic-web")

    def write_units(self):
        """Run the earlier release, which had no units, by those of this one."""
        folder = self.root / "etc/systemd/system"
        folder.mkdir(parents=True, exist_ok=True)
        for file in (PROJECT / "deploy").glob("clinic-*.service"):
            text = re.sub(r"(?<=[=:\s])/(?=(opt|etc|var)/)", f"{self.root}/", file.read_text())
            (folder / file.name).write_text(text)

    def manage(self, *command):
        """Run a management command of the release in use."""
        environment = self.unit("clinic-web").environment()
        program = self.current / ".venv/bin/python"
        subprocess.run(
            [program, "manage.py", *command], cwd=self.current, env=environment, umask=0o077, check=True
        )

    def answers(self):
        try:
            return self.visitor().open("/livez").status == 200
        except OSError:
            return False

    def visitor(self):
        return Visitor(f"http://127.0.0.1:{self.port}", timeout=20)

    def evidence(self):
        """Return what must never be lost, as the database holds it."""
        return {
            what: {tuple(map(str, row)) for row in self.database.execute(query)}
            for what, query in EVIDENCE.items()
        }

    def triggers(self):
        """Return what protects the evidence in the database itself."""
        table, column = {
            "sqlite": ("sqlite_master WHERE type = 'trigger'", "name"),
            "postgresql": ("pg_trigger WHERE NOT tgisinternal", "tgname"),
        }[self.database.vendor]
        return sorted(name for (name,) in self.database.execute(f"SELECT {column} FROM {table}"))

    def migrations(self):
        return set(self.database.execute("SELECT app, name FROM django_migrations"))

    def release(self):
        return self.current.resolve()

    def is_whole(self):
        """Tell whether a visitor finds the site open, and a request is stored."""
        statuses = [self.visitor().open(path).status for path in ("/", "/articles/", "/admin/login/")]
        return (*statuses, self.visitor().ask().status) == (200, 200, 200, 303)

    def interrupted_upgrade(self, is_time):
        """Begin the upgrade, and cut the power when it is time by what it said so far.

        Returns the end of a second upgrade, typed just before.
        """
        command = [sys.executable, "deploy/upgrade.py", *self.trial, "--systemctl", self.systemctl]
        said = self.root / "upgrade.log"
        with said.open("w") as log:
            process = subprocess.Popen(command, cwd=PROJECT, stdout=log, start_new_session=True)
        self.wait_until(lambda: is_time(said.read_text()), "the time to cut the power", 90)
        os.killpg(process.pid, signal.SIGSTOP)
        second = self.make("upgrade")
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return second


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Make a server with the earlier release on it; its libraries are some of those here."""
    root = tmp_path_factory.mktemp("server") / "root"
    earlier = root / "opt/clinic/releases/0.1.0"
    earlier.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", PREVIOUS], cwd=PROJECT, capture_output=True)
    if archive.returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"This clone does not reach back to {PREVIOUS}."
        )
    subprocess.run(["tar", "x"], cwd=earlier, input=archive.stdout, check=True)
    (earlier / ".venv").symlink_to(sys.prefix)
    return root


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, root):
    """Run the earlier release on this engine, with its static files collected once."""
    earlier = root / "opt/clinic/releases/0.1.0"
    if request.param == "postgresql":
        database = PostgresDatabase.create(request.getfixturevalue("cluster").url)
    else:
        (root / "var/lib/clinic").mkdir(parents=True)
        database = SqliteDatabase(root / "var/lib/clinic/clinic.sqlite3")
    server = Server(root, earlier, database)
    yield server
    server.end()


def test_p18_an_upgrade_and_a_rollback_keep_every_row(server, tmp_path, promise):
    vendor = server.database.vendor
    for _ in range(3):
        assert server.visitor().ask().status == 303
    before, triggers, migrations = server.evidence(), server.triggers(), server.migrations()

    # First an upgrade that fails half-way: by power cuts on SQLite, by itself on PostgreSQL.
    if vendor == "sqlite":
        for is_time in (
            lambda said: "Keeping the database" in said,
            lambda said: server.migrations() > migrations,
        ):
            second = server.interrupted_upgrade(is_time)
            given_up = server.make("rollback")
            assert (second.returncode, second.stderr.count("wait until it ends")) == (2, 1), second.stderr
            assert given_up.returncode == 0, given_up.stderr
            assert server.migrations() == migrations
    else:
        failed = server.make("upgrade", source=broken_copy(tmp_path))
        assert (failed.returncode, failed.stderr.count("The earlier version runs again")) == (2, 1), (
            failed.stderr
        )
    assert (server.release(), server.migrations()) == (server.earlier, migrations)
    assert server.evidence() == before
    assert server.is_whole()

    began = time.monotonic()
    upgraded = server.make("upgrade")
    seconds = time.monotonic() - began
    closed = re.search(r"closed for (\d+) seconds", upgraded.stdout)
    assert (upgraded.returncode, upgraded.stdout.count("The site says")) == (0, 0), upgraded.stderr
    assert server.release() != server.earlier
    assert server.migrations() > migrations
    assert lost(before, server.evidence()) == {}
    assert server.is_whole()

    written_since = server.evidence()
    began = time.monotonic()
    back = server.make("rollback")
    seconds_back = time.monotonic() - began
    assert back.returncode == 0, back.stdout + back.stderr
    assert (server.release(), server.migrations()) == (server.earlier, migrations)
    assert lost(written_since, server.evidence()) == {}
    assert server.triggers() == triggers
    assert server.is_whole()

    rows = sum(map(len, before.values()))
    promise(
        "P18",
        f"v0.1.0 to this release and back on {vendor}, {rows} rows",
        f"0 lost; {seconds:.0f} s, closed {closed[1]} s; back in {seconds_back:.0f} s",
    )


def lost(before, after):
    """Return the rows of each kind that are not there any more, or not as they were."""
    return {what: rows - after[what] for what, rows in before.items() if rows - after[what]}


def broken_copy(folder):
    """Return a copy of the project whose last migration fails, after all the others."""
    copy = folder / "broken"
    left_out = shutil.ignore_patterns(".venv", ".git", "var", "tests", "__pycache__")
    shutil.copytree(PROJECT, copy, ignore=left_out)
    last = max(file.stem for file in (copy / "clinic/migrations").glob("0*.py"))
    (copy / "clinic/migrations/0999_fails.py").write_text(FAILING.format(last=last))
    return copy
