"""`make upgrade` and `make rollback` step by step: killed at any of them, typed twice, on a full disk.

The programs of deploy/ are real. The site is a toy: its database is a file that lists its migrations.
tests/test_faults_upgrade.py does the same with the real site.
"""

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
OLD, SAME, NEW = ["clinic.1"], ["clinic.1"], ["clinic.1", "clinic.2"]
# In the place of Python: does what manage.py would, notes it, and is cut off where the test says so.
PYTHON = f"""#!{sys.executable} -IS
import os, shutil, signal, sys, time
from pathlib import Path

data, known = Path(os.environ["HOME"]), Path("docs/migrations").read_text().split()
database, step = data / "database", " ".join(word for word in sys.argv[2:] if word[0] not in "-/")
applied = database.read_text().split()
with open(data / "steps", "a") as steps:
    print(Path.cwd().name.partition("-")[0], step, file=steps)
match step:
    case "showmigrations":
        print(*(f"[{{'X' if name in applied else ' '}}]  {{name}}" for name in known), sep="\\n")
    case "collectstatic":
        Path("var").mkdir()
    case "migrate":
        database.write_text(" ".join(dict.fromkeys([*applied, *known])))
    case "migrate_back":
        database.write_text(sys.stdin.read())
    case "snapshot save":
        Path(sys.argv[4]).parent.mkdir(exist_ok=True)
        shutil.copy(database, sys.argv[4])
    case "snapshot restore":
        shutil.copy(sys.argv[4], database)
if os.environ.get("FAIL_AT") == step:
    sys.exit("No.")
if os.environ.get("CUT_AT") == step:
    os.killpg(0, signal.SIGKILL)
if os.environ.get("HANG_AT") == step:
    (data / "hangs").touch()
    end = time.monotonic() + 20
    while (data / "hangs").exists() and time.monotonic() < end:
        time.sleep(0.01)
"""
# Notes what happened to the services, and whether the site was closed and the change unfinished.
SYSTEMCTL = """#!/bin/sh
cd $(dirname $0)
test -e var/lib/clinic/maintenance && closed=closed || closed=open
grep -q unfinished opt/clinic/releases.json && state=unfinished || state=finished
echo "$closed $state: $*" >> var/lib/clinic/services
test "$*" != "$(cat refused 2>/dev/null)"
"""


class Web(BaseHTTPRequestHandler):
    """The web server of the toy, which is always well."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"reasons": []}')

    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture(scope="module")
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Toy:
    """A folder that stands for a server, with the version 1 in use."""

    def __init__(self, root, port):
        self.root, self.data, self.port = root, root / "var/lib/clinic", port
        self.maintenance = self.data / "maintenance"
        for name, text in {"venv/bin/python": PYTHON, "systemctl": SYSTEMCTL}.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(0o755)
        self.data.mkdir(parents=True)
        (self.data / "database").write_text(" ".join(OLD))
        self.earlier = root / "opt/clinic/releases/1-first"
        self.write_version(self.earlier, "1", OLD)
        (self.earlier / ".venv").symlink_to(root / "venv")
        (root / "opt/clinic/current").symlink_to(self.earlier)
        self.set()

    def write_version(self, folder, number, migrations):
        """Write the code of a version that knows these migrations, and return its folder."""
        (folder / "docs").mkdir(parents=True)
        (folder / "docs/migrations").write_text("\n".join(migrations))
        (folder / "pyproject.toml").write_text(f'[project]\nversion = "{number}"\n')
        shutil.copytree(PROJECT / "deploy", folder / "deploy")
        return folder

    def set(self, **variables):
        env = self.root / "etc/clinic/env"
        env.parent.mkdir(parents=True, exist_ok=True)
        variables = {"SITE_URL": "http://127.0.0.1", "PORT": self.port} | variables
        env.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
        env.chmod(0o600)

    def command(self, program, *options):
        places = ["--root", self.root, "--venv", self.root / "venv", "--systemctl", self.root / "systemctl"]
        return [sys.executable, self.new / f"deploy/{program}.py", *places, *options]

    def run(self, program, *options, **variables):
        """Run upgrade or rollback of the new version to its end; return its code and what it said last."""
        self.set(**variables)
        done = subprocess.run(
            self.command(program, *options), capture_output=True, text=True, start_new_session=True
        )
        self.said = (done.stdout + done.stderr).strip()
        return done.returncode

    def steps(self):
        """Return what manage.py did since the last time, as "version step"."""
        file = self.data / "steps"
        steps = file.read_text().splitlines()
        file.write_text("")
        return steps

    def services(self):
        return (self.data / "services").read_text().splitlines()

    def history(self):
        return json.loads((self.root / "opt/clinic/releases.json").read_text())

    def state(self):
        """Return which version is in use, on which database, and whether visitors are let in."""
        version = (self.root / "opt/clinic/current").resolve().name.partition("-")[0]
        is_open = "closed" if self.maintenance.exists() else "open"
        return version, (self.data / "database").read_text().split(), is_open


@pytest.fixture
def toy(tmp_path, port):
    toy = Toy(tmp_path / "root", port)
    toy.new = toy.write_version(tmp_path / "new", "2", NEW)
    return toy


@pytest.fixture
def harmless(tmp_path, port):
    """A toy whose new version has nothing to migrate."""
    toy = Toy(tmp_path / "root", port)
    toy.new = toy.write_version(tmp_path / "new", "2", SAME)
    return toy


def test_the_worker_works_when_nothing_can_be_taken_back_any_more(toy):
    done = toy.run("upgrade")

    assert done == 0, toy.said
    assert toy.state() == ("2", NEW, "open")
    assert toy.services() == [
        "closed unfinished: stop clinic-worker",
        "closed unfinished: restart clinic-web",
        "closed unfinished: daemon-reload",
        "closed unfinished: restart clinic-web",
        "open unfinished: restart clinic-worker",
    ]
    assert "unfinished" not in toy.history()


@pytest.mark.parametrize("step", ["snapshot save", "migrate"])
@pytest.mark.parametrize("program", ["upgrade", "rollback"])
def test_a_power_cut_is_undone_from_wherever_it_came(toy, program, step):
    if program == "rollback":
        step = step.replace("migrate", "migrate_back")
        assert toy.run("upgrade") == 0, toy.said
    before = toy.state()

    cut = toy.run(program, CUT_AT=step)
    closed = toy.state()[2]
    toy.steps()
    undone = toy.run("rollback")

    assert (cut, closed, undone) == (-signal.SIGKILL, "closed", 0), toy.said
    assert toy.state() == before
    assert toy.steps().count("2 snapshot restore") == (step != "snapshot save")
    assert "unfinished" not in toy.history()


def test_what_breaks_off_leaves_the_way_back_that_there_was(toy, tmp_path):
    toy.run("upgrade")
    second, third = toy.new, toy.write_version(tmp_path / "third", "3", [*NEW, "clinic.3"])
    toy.new = third

    cut = toy.run("upgrade", CUT_AT="snapshot save")
    undone = toy.run("rollback")
    after_undoing = toy.state()
    toy.new = second
    back = toy.run("rollback")

    assert (cut, undone, back) == (-signal.SIGKILL, 0, 0), toy.said
    assert after_undoing == ("2", NEW, "open")
    assert toy.state() == ("1", OLD, "open")


def test_a_second_upgrade_typed_meanwhile_is_refused_and_disturbs_nothing(toy):
    toy.set(HANG_AT="migrate")
    first = subprocess.Popen(toy.command("upgrade"))
    hangs = wait_for(toy.data / "hangs")

    told = {}
    for program, *options in (["upgrade"], ["rollback"], ["install", "--domain", "www.clinic.example"]):
        told[program] = toy.run(program, *options, HANG_AT="migrate"), toy.said
    hangs.unlink()
    first.wait(timeout=30)

    sentence = "Another install, upgrade or rollback is running; wait until it ends."
    assert told == dict.fromkeys(("upgrade", "rollback", "install"), (1, sentence))
    assert (first.returncode, toy.state()) == (0, ("2", NEW, "open"))


def test_what_a_killed_upgrade_has_started_keeps_others_out_to_its_end(toy):
    toy.set(HANG_AT="migrate")
    first = subprocess.Popen(toy.command("upgrade"), stdout=subprocess.PIPE)
    hangs = wait_for(toy.data / "hangs")
    first.kill()

    while_migrating = toy.run("rollback")
    hangs.unlink()
    # It ends when nothing it has started holds on to it.
    first.communicate()
    after = toy.run("rollback")

    assert (while_migrating, after, toy.state()) == (1, 0, ("1", OLD, "open")), toy.said


def wait_for(file):
    """Return a file as soon as it is there."""
    end = time.monotonic() + 30
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert file.exists()
    return file


def test_a_disk_without_room_is_named_before_the_site_is_closed(toy):
    done = toy.run("upgrade", FAIL_AT="snapshot room")

    assert (done, toy.said.splitlines()[-1]) == (
        1,
        "There is no room for a copy of the database; see above. Nothing was changed.",
    )
    assert toy.state() == ("1", OLD, "open")
    assert not (toy.data / "services").exists()


@pytest.mark.parametrize("step", ["snapshot save", "migrate"])
def test_a_failure_is_undone_where_nothing_can_be_written(toy, step):
    units = toy.root / "etc/systemd/system"
    units.mkdir(parents=True)
    for file in (toy.new / "deploy").glob("clinic-*.*"):
        text = file.read_text()
        for place in ("/opt/clinic", "/etc/clinic", "/var/lib/clinic"):
            text = text.replace(place, f"{toy.root}{place}")
        (units / file.name).write_text(text)
        # Nothing can be written in the place of these any more.
        (units / f"{file.name}.part").mkdir()

    done = toy.run("upgrade", FAIL_AT=step)

    assert (done, toy.said.count("The earlier version runs again")) == (1, 1), toy.said
    assert toy.state() == ("1", OLD, "open")


def test_going_back_that_was_hindered_goes_on_where_it_stopped(toy, tmp_path):
    toy.run("upgrade")
    toy.new = toy.write_version(tmp_path / "third", "3", [*NEW, "clinic.3"])
    refused = toy.root / "refused"
    refused.write_text("daemon-reload")
    hindered = toy.run("upgrade", FAIL_AT="migrate")
    refused.unlink()
    toy.steps()

    again = toy.run("rollback")

    assert (hindered, again, toy.steps()) == (1, 0, []), toy.said
    assert toy.state() == ("2", NEW, "open")
    assert toy.history()["previous"]["release"] == "1-first"


def test_a_version_with_nothing_to_migrate_never_touches_the_database(harmless):
    harmless.run("upgrade", CUT_AT="migrate")
    undone = harmless.run("rollback")
    upgraded = harmless.run("upgrade")
    refused = harmless.run("rollback", "--from-snapshot")
    reason = harmless.said
    back = harmless.run("rollback")

    assert (undone, upgraded, refused, back) == (0, 0, 1, 0), harmless.said
    assert reason == "There is no copy of the database from before the upgrade; run make rollback alone."
    assert [step for step in harmless.steps() if "snapshot" in step or "back" in step] == []
    assert harmless.state() == ("1", OLD, "open")


def test_a_rollback_brings_the_database_of_before_if_it_is_asked_to(toy):
    toy.run("upgrade")
    toy.steps()

    done = toy.run("rollback", "--from-snapshot")

    assert (done, toy.state()) == (0, ("1", OLD, "open")), toy.said
    assert toy.steps() == ["2 snapshot room", "2 snapshot save", "2 snapshot restore", "1 migrate"]


def test_a_rollback_that_fails_leaves_the_newer_version_in_use(toy):
    toy.run("upgrade")

    done = toy.run("rollback", FAIL_AT="migrate_back")

    assert (done, toy.said.count("the newer version stays in use")) == (1, 1), toy.said
    assert toy.state() == ("2", NEW, "open")
    assert toy.history()["previous"]["release"] == "1-first"


def test_a_site_that_somebody_had_closed_stays_closed(toy):
    toy.maintenance.write_text("Back at 7 pm.")

    runs = [
        toy.run("upgrade", FAIL_AT="migrate"),
        toy.run("upgrade", CUT_AT="migrate"),
        toy.run("upgrade"),
        toy.run("rollback"),
    ]

    assert runs == [1, -signal.SIGKILL, 0, 0], toy.said
    assert toy.state() == ("1", OLD, "closed")
    assert toy.maintenance.read_text() == "Back at 7 pm."


def test_a_site_opened_since_an_upgrade_broke_off_keeps_what_came_in(toy):
    toy.run("upgrade", CUT_AT="migrate")
    toy.maintenance.unlink()

    done = toy.run("rollback")

    assert (done, toy.said.count("the site was opened since")) == (1, 1), toy.said
    assert toy.state()[1:] == (NEW, "open")
