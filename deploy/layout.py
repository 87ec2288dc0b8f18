"""Where an installed site lives, and what installing, upgrading and rolling back share.

Runs on a bare Python as root: standard library only.
"""

import argparse
import fcntl
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from copying import copy_code, open_to_readers, release_name

PROJECT = Path(__file__).resolve().parent.parent
USER = "clinic"
SERVICES = ("clinic-web", "clinic-worker")
UNITS = ("clinic-web.service", "clinic-worker.service", "clinic-backup.service", "clinic-backup.timer")
OUR_FOLDERS = re.compile(r"(?<![\w.-])/(?=(?:opt|etc|var/lib)/clinic\b|etc/(?:caddy|nginx)/|usr/local/bin/)")
PATIENCE_SECONDS = 60


def refuse(sentence):
    """End with one sentence that says what to do."""
    sys.exit(sentence)


def say(step):
    """Tell what happens now, if there is still a terminal."""
    with suppress(OSError):
        print(step, flush=True)


def outlive_the_terminal():
    """Go on to the end when the connection breaks from which this was started."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def arguments(description, **more):
    """Read the command line: what every one of these programs takes, and `more` of its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--root", default="/", help="try it out under this folder, without users and services"
    )
    parser.add_argument("--systemctl", help="start and stop by this program (for a trial)")
    parser.add_argument("--venv", help="link to an environment that has the libraries (for a trial)")
    for name, options in more.items():
        parser.add_argument(f"--{name.replace('_', '-')}", **options)
    return parser.parse_args()


class Server:
    """This machine, or a folder that stands for it."""

    def __init__(self, options):
        self.is_trial = options.root != "/"
        self.root = Path(options.root).resolve()
        self.systemctl = options.systemctl or (None if self.is_trial else "systemctl")
        self.venv = options.venv
        self.releases = self.root / "opt/clinic/releases"
        self.current = self.root / "opt/clinic/current"
        self.history = History(self.root / "opt/clinic/releases.json")
        self.env_file = self.root / "etc/clinic/env"
        self.data = self.root / "var/lib/clinic"
        self.person = {} if self.is_trial else {"user": USER, "group": USER, "extra_groups": []}
        self.turn = None
        if not self.is_trial and os.geteuid() != 0:
            refuse("Run this as root: sudo make …")
        # Code and styles are for everybody to read; the site's own processes are stricter.
        os.umask(0o022)

    def take_turn(self):
        """Keep out every other install, upgrade and rollback to the end of this one."""
        file = self.root / "opt/clinic/lock"
        file.parent.mkdir(parents=True, exist_ok=True)
        self.turn = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self.turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refuse("Another install, upgrade or rollback is running; wait until it ends.")

    def rooted(self, text):
        """Return a text of ours with its absolute paths below the root."""
        return OUR_FOLDERS.sub(f"{self.root}/", text) if self.is_trial else text

    def write(self, file, text, mode=0o644):
        """Write a file of the machine, whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(file.name + ".part")
        draft.unlink(missing_ok=True)
        with open(draft, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
            stream.write(text)
        draft.chmod(mode)
        draft.replace(file)

    @property
    def maintenance(self):
        """Return the file that closes the site, where the site itself looks for it."""
        media = read_env(self.env_file).get("MEDIA_ROOT") or self.data / "media"
        return Path(media).parent / "maintenance"

    def running(self):
        """Return the release in use, or None."""
        return self.current.resolve() if self.current.exists() else None

    def place(self, source=PROJECT):
        """Copy the code into a release of its own with its libraries, and return its folder."""
        release = self.releases / release_name(source)
        if not release.exists():
            say(f"Copying the code to {release} …")
            draft = release.with_name(release.name + ".part")
            shutil.rmtree(draft, ignore_errors=True)
            copy_code(source, draft)
            draft.rename(release)
        if self.venv and not (release / ".venv").exists():
            (release / ".venv").symlink_to(Path(self.venv).absolute())
        elif not self.venv:
            say("Installing the libraries …")
            self.run([sys.executable, release / "deploy/libraries.py", "requirements.txt"])
        return release

    def environment(self):
        """Return what the processes of the site run with."""
        own = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.data), "LANG": "C.UTF-8"}
        return own | read_env(self.env_file)

    def manage(self, release, *command, **options):
        """Run a management command of a release as the site's user; what it says is its own."""
        python = release / ".venv/bin/python"
        return self.run_as_site([python, "manage.py", *command], cwd=release, **options)

    def run_as_site(self, command, **options):
        """Run a program as the site's user with the site's settings."""
        # Not from the folder of make, which may be closed to that user.
        options = {"cwd": self.data} | options
        if self.turn is not None:
            # What works on the data keeps others out to its own end, even if this program is killed.
            options["pass_fds"] = [self.turn]
        return self.run(command, env=self.environment(), umask=0o077, **self.person, **options)

    def run(self, command, **options):
        """Run a program; one that fails raises CalledProcessError."""
        return subprocess.run([str(word) for word in command], check=True, text=True, **options)

    def collect_static(self, release):
        """Collect the styles and scripts of a release once, for the proxy to read too."""
        finished = release / "var/static-collected"
        if finished.exists():
            return
        command = [release / ".venv/bin/python", "manage.py", "collectstatic", "--no-input", "-v0", "--clear"]
        self.run(command, cwd=release, env=self.environment())
        # The folder above too: made by root, it would shut out the site itself.
        open_to_readers(release / "var")
        finished.touch()

    def close(self):
        """Show the maintenance page to everybody."""
        self.run_as_site(["touch", self.maintenance])

    def open(self):
        """Take the maintenance page away."""
        self.maintenance.unlink(missing_ok=True)

    def start(self, release):
        """Make a release the one in use; TimeoutError if its web server does not answer."""
        self.switch_to(release)
        self.install_units(release)
        self.service("restart", "clinic-web")
        if not self.wait_until(self.is_up):
            raise TimeoutError("the web server does not answer; look at journalctl -u clinic-web -n 50")

    def start_worker(self):
        """Let the release in use send mail and do the chores, which nothing can take back."""
        self.service("restart", "clinic-worker")

    def service(self, verb, *names):
        """Start, stop or restart services; nothing in a trial without them."""
        if self.systemctl:
            self.run([*shlex.split(self.systemctl), verb, *names])

    def install_units(self, release):
        """Tell systemd how a release is run; one without units runs by those that are there."""
        for ours in (release / "deploy" / name for name in UNITS):
            file = self.root / "etc/systemd/system" / ours.name
            text = self.rooted(ours.read_text()) if ours.exists() else None
            # Going back must not need room on the disk.
            if text and not (file.exists() and file.read_text() == text):
                self.write(file, text)
        self.service("daemon-reload")

    def switch_to(self, release):
        """Make a release the one in use, in one step."""
        if self.running() == release:
            return
        draft = self.current.with_name("current.part")
        draft.unlink(missing_ok=True)
        draft.symlink_to(release)
        draft.replace(self.current)

    def wait_until(self, is_well, seconds=PATIENCE_SECONDS):
        """Return whether the answer of a probe became right in time."""
        end = time.monotonic() + seconds
        while not (well := is_well()) and time.monotonic() < end:
            time.sleep(0.2)
        return well

    def is_up(self):
        """Tell whether the web server answers."""
        return self.systemctl is None or self.probe("/livez")[0] == 200

    def reasons(self):
        """Return why the site says that it needs a person; None if it says nothing."""
        if self.systemctl is None:
            return []
        status, body = self.probe("/readyz")
        return json.loads(body)["reasons"] if status in (200, 503) else None

    def probe(self, path):
        """Ask the web server without the proxy; return status and body."""
        settings = read_env(self.env_file)
        connection = http.client.HTTPConnection("127.0.0.1", int(settings.get("PORT", 8000)), timeout=10)
        try:
            connection.request("GET", path, headers={"Host": urlsplit(settings["SITE_URL"]).hostname})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


class History:
    """What was in use before, and the upgrade that has not come to its end."""

    def __init__(self, file):
        self.file = file

    def read(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def write(self, **facts):
        """Remember these facts instead of the earlier ones, also over a power cut."""
        draft = self.file.with_name(self.file.name + ".part")
        with open(draft, "w") as stream:
            json.dump(facts, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.file)


def read_env(file):
    """Return the variables of a file as systemd reads it: no shell, so a password may hold a $."""
    if not file.exists():
        refuse(f"There is no {file}; run make install first.")
    if file.stat().st_mode & stat.S_IRWXO:
        refuse(f"Other users of this machine can read {file}; run chmod 600 {file}.")
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and line[0] not in "#;")
    variables = {name.strip(): unquoted(value.strip()) for name, value in pairs}
    for name in (name for name, value in variables.items() if "\\" in value):
        # systemd drops it, unless there are quotes; nobody would see why the password is wrong.
        refuse(f"Take the \\ out of {name} in {file}; in EMAIL_URL and DATABASE_URL write %5C.")
    return variables


def unquoted(value):
    """Return a value without the quotes around it."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value
