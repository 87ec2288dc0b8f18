"""P17: what a backup made during writes brings back on an empty machine, tried on real processes.

Each test adds a line to the table at the end of the run.
"""

import hashlib
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.stack.databases import PostgresDatabase, SqliteDatabase
from tests.stack.site import PROJECT, Stack

pytestmark = pytest.mark.faults

NAMES = "SELECT full_name FROM appointments_appointmentrequest WHERE source = 'web' ORDER BY id"
NEWEST = "SELECT reference FROM appointments_appointmentrequest ORDER BY id DESC LIMIT 1"
WITHOUT_MAIL = """
SELECT count(*) FROM appointments_appointmentrequest WHERE source = 'web' AND id NOT IN
(SELECT object_id FROM clinic_outboxmessage WHERE kind = 'front_desk_notice')
"""
MEGABYTE = 1024 * 1024


@dataclass
class Made:
    """A backup made while patients sent requests."""

    file: Path
    accepted_before: list[str]
    accepted: list[str]
    seconds: float


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, tmp_path_factory):
    """A demo site on either engine, which the tests of this module share."""
    folder = tmp_path_factory.mktemp(request.param)
    template = request.getfixturevalue("template")
    if request.param == template.database.vendor:
        site = template.copy(folder)
    elif request.param == "sqlite":
        pytest.skip("This run is on PostgreSQL.")
    else:
        site = Stack(folder, PostgresDatabase.create(request.getfixturevalue("cluster").url))
        site.prepare()
    yield site
    site.end()


@pytest.fixture(scope="module")
def made(site, tmp_path_factory):
    site.start(workers=0)
    visitor, accepted, stopping = site.visitor(), [], threading.Event()
    file = tmp_path_factory.mktemp("backups") / "site.backup"
    with ThreadPoolExecutor(1) as patient:
        sending = patient.submit(send_requests, visitor, accepted, stopping)
        site.wait_until(lambda: len(accepted) >= 3, "three requests are accepted")
        before, began = list(accepted), time.monotonic()
        site.manage("backup", str(file))
        seconds = time.monotonic() - began
        stopping.set()
        sending.result()
    site.web.stop()
    return Made(file, before, accepted, seconds)


@pytest.fixture
def machine(site, tmp_path):
    """An empty machine that has the key and the code, and a database server if the site has one."""
    is_sqlite = site.database.vendor == "sqlite"
    folder = tmp_path / "machine"
    folder.mkdir()
    machine = Stack(
        folder,
        SqliteDatabase(folder / "site.sqlite3")
        if is_sqlite
        else PostgresDatabase.create(site.database.server_url),
    )
    yield machine
    machine.end()


def send_requests(visitor, accepted, stopping):
    # One place may send a hundred an hour.
    for number in range(95):
        if stopping.is_set():
            return
        name = f"Patient {number:03}"
        if visitor.ask(full_name=name).status == 303:
            accepted.append(name)


def media(site):
    """Return the hash of every media file of a site; what hides, no visitor and no backup gets."""
    root = site.folder / "media"
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not path.relative_to(root).parts[0].startswith(".")
    }


def names(site):
    return [name for (name,) in site.sql(NAMES)]


def started(site, *arguments):
    """Start a management command and leave it running."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=site.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_when(site, process, condition):
    """Kill a process, not its children, at the first sight of something; it must still be at work."""
    site.wait_until(condition, "the moment to kill")
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def holds_nothing(site):
    return "appointments_appointmentrequest" not in site.database.tables() and media(site) == {}


def test_p17_a_backup_made_during_writes_brings_the_site_back_on_an_empty_machine(
    site, made, machine, promise
):
    began = time.monotonic()
    told = machine.manage("restore", str(made.file), "--dry-run").stdout
    untouched = holds_nothing(machine)
    machine.manage("restore", str(made.file))
    machine.start(workers=0)
    seconds = time.monotonic() - began

    restored = names(machine)
    assert untouched
    assert restored == made.accepted[: len(restored)]
    assert len(made.accepted_before) <= len(restored) < len(made.accepted)
    assert machine.sql(WITHOUT_MAIL) == [(0,)]
    assert re.findall(r"Newest request: (\S+)\.", told) == [machine.number(NEWEST)]
    assert media(machine) == media(site)
    assert len(media(machine)) > 100
    desk = machine.visitor()
    assert desk.sign_in(*site.password("front-desk")).status in (302, 303)
    assert desk.open("/admin/appointments/appointmentrequest/").status == 200
    assert machine.visitor().ask(full_name="First after").status == 303
    size = made.file.stat().st_size
    promise(
        "P17",
        f"{site.database.vendor}: backup under writes, restore on an empty machine",
        f"0 lost; {size:,} bytes in {made.seconds:.1f} s, back in {seconds:.1f} s",
    )


@pytest.fixture
def large(site):
    """A media file that takes long enough to be caught half-way."""
    file = site.folder / "media/large.bin"
    with file.open("wb") as zeros:
        zeros.truncate(100 * MEGABYTE)
    yield file
    file.unlink()


def is_half(file):
    return file.exists() and file.stat().st_size > 20 * MEGABYTE


def test_p17_neither_a_backup_nor_a_restore_killed_half_way_leaves_a_half(
    site, made, large, machine, tmp_path, promise
):
    backups = tmp_path / "backups"
    backups.mkdir()
    file, part = backups / "site.backup", backups / "site.backup.part"
    arriving = machine.folder / "media/.restoring/large.bin"

    kill_when(site, started(site, "backup", str(file)), lambda: is_half(part))
    left_by_the_backup = list(backups.iterdir())
    site.manage("backup", str(file))
    kill_when(machine, started(machine, "restore", str(file)), lambda: is_half(arriving))
    machine.wait_until(lambda: holds_nothing(machine), "nothing is in place")
    machine.manage("restore", str(file))

    assert left_by_the_backup == [part]
    assert list(backups.iterdir()) == [file]
    assert list(site.folder.glob("tmp*")) == [site.folder / "tmp"]
    assert media(machine) == media(site)
    assert not arriving.parent.exists()
    assert names(machine) == names(site)
    promise(
        "P17",
        f"{site.database.vendor}: backup and restore killed half-way",
        "no half; repeated, all is there",
    )


def test_p17_what_a_restore_replaces_is_kept_aside(site, made, machine):
    machine.manage("restore", str(made.file))
    machine.start(workers=0)
    machine.visitor().ask(full_name="Since the backup")
    if site.database.vendor == "sqlite":
        in_use = machine.manage("restore", str(made.file), "--replace", check=False).stderr
        # What the web server wrote on into a file put aside would be lost.
        assert "The database is in use. Stop web server and worker." in in_use
    machine.web.stop()

    refused = machine.manage("restore", str(made.file), check=False)
    kept, pictures = names(machine), media(machine)
    machine.manage("restore", str(made.file), "--replace")

    assert (refused.returncode, kept[-1]) == (1, "Since the backup")
    assert "Since the backup" not in names(machine)
    assert "Since the backup" in aside(machine)
    assert media(machine) == media(site)
    (old,) = (machine.folder / "media").glob(".before-*")
    assert {str(path.relative_to(old)) for path in old.rglob("*") if path.is_file()} == pictures.keys()


def aside(machine):
    """Return the names of the patients in the database that was put aside."""
    if machine.database.vendor == "sqlite":
        (file,) = machine.folder.glob("site.sqlite3.before-*-*[0-9]")
        return names(Stack(machine.folder, SqliteDatabase(file)))
    schemas = machine.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before-%' ORDER BY nspname")
    return [name for (name,) in machine.sql(NAMES.replace("FROM ", f'FROM "{schemas[-1][0]}".', 1))]
