"""A whole site of real processes in a folder of its own: web, workers, database, mail server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.stack.mail import CLOSED, OK, MailServer
from tests.stack.visitor import Visitor

PROJECT = Path(__file__).resolve().parents[2]
# One process for all three: starting Django takes longer than most of the work.
PREPARE = """
from django.core.management import call_command
from clinic.management.commands.prepare import collect_changed_static_files
call_command("migrate", verbosity=0, interactive=False)
collect_changed_static_files()
call_command("demo")
"""


class Stack:
    """The site. Whatever it starts ends with end(), by process id."""

    def __init__(self, folder, database):
        self.folder, self.database = folder, database
        self.port = unused_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mail = MailServer(unused_port())
        self.processes = []
        self.web = None
        for name in ("logs", "tmp", "media"):
            (folder / name).mkdir(exist_ok=True)
        self.environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": database.url,
            "MEDIA_ROOT": str(folder / "media"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "TMPDIR": str(folder / "tmp"),
            "PYTHONUNBUFFERED": "1",
        }

    def copy(self, folder):
        """Return another site with the same content; this one must not run."""
        for name in ("media", "facts.json", "demo-logins.txt"):
            source = self.folder / name
            shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy(source, folder)
        stack = Stack(folder, self.database.copy(folder))
        stack.mail.be(OK)
        return stack

    def prepare(self):
        """Migrate, collect the static files and load the demo clinic."""
        self.manage("shell", "-v0", "-c", PREPARE)
        # Mails sent a moment ago would speak for a mail server that the tests have not started yet.
        self.sql("UPDATE clinic_outboxmessage SET sent_at = %s WHERE sent_at IS NOT NULL", past(hours=1))

    def start(self, workers=1):
        """Start the web server and the workers; return once it answers."""
        self.start_web()
        return [self.start_worker() for _ in range(workers)]

    def start_web(self, log=None):
        self.web = self._start("web", log)
        self.wait_until(self._answers, "the web server answers", seconds=30)

    def start_worker(self):
        return self._start("worker")

    def manage(self, *arguments, check=True):
        """Run a management command and return its process, with what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0 or not check, done.stderr
        return done

    def visitor(self, **options):
        return Visitor(self.url, **options)

    def password(self, role):
        """Return username and password of the first demo login of a role."""
        lines = (self.folder / "demo-logins.txt").read_text().splitlines()
        return next(line.split()[1:] for line in lines if line.split()[0] == role)

    def sql(self, statement, *values):
        """Run one statement and return its rows, or how many rows it changed."""
        return self.database.execute(statement, *values)

    def number(self, statement, *values):
        """Return the one value that a query finds."""
        return self.sql(statement, *values)[0][0]

    def owed(self):
        """Return how many mails are neither sent nor given up."""
        return self.number(
            "SELECT count(*) FROM clinic_outboxmessage WHERE sent_at IS NULL AND failed_at IS NULL"
        )

    def tries(self):
        """Return how often the mails that are still owed were tried, in sum."""
        return self.number("SELECT sum(attempts) FROM clinic_outboxmessage WHERE sent_at IS NULL")

    def is_mail_down(self):
        """Return a row if the worker has found the mail server down."""
        return self.sql("SELECT 1 FROM clinic_mailroute WHERE down_since IS NOT NULL")

    def requests(self):
        """Return how many requests real visitors have sent."""
        return self.number("SELECT count(*) FROM appointments_appointmentrequest WHERE source = 'web'")

    def end_leases(self):
        """Let two minutes pass for what a dead worker still holds."""
        self.sql(
            "UPDATE clinic_outboxmessage SET leased_until = %s WHERE leased_until IS NOT NULL",
            past(seconds=1),
        )

    def end_probe_pause(self):
        """Let the minute pass after which the mail server is tried again."""
        self.sql("UPDATE clinic_mailroute SET next_probe_at = %s", past(seconds=1))

    def wait_until(self, condition, what, seconds=30):
        """Poll a condition and return what it came to; fail with its name when time is up."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.03)
        raise AssertionError(f"not within {seconds} s: {what}\n{self.last_words()}")

    def let_time_pass(self):
        """Let the hour pass after which everything that waits is tried again."""
        self.sql("UPDATE clinic_outboxmessage SET due_at = %s WHERE sent_at IS NULL", past(seconds=1))
        self.end_probe_pause()

    def last_words(self):
        """Return the end of every process's log."""
        logs = sorted((self.folder / "logs").iterdir())
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def end(self):
        """Kill what still runs and give everything back."""
        for process in self.processes:
            process.kill()
        self.mail.be(CLOSED)
        self.database.drop()

    def _start(self, name, log=None):
        log = log or self.folder / "logs" / f"{name}-{len(self.processes)}.log"
        process = Process(name, self.environment, log)
        self.processes.append(process)
        return process

    def _answers(self):
        assert self.web.is_running(), self.last_words()
        try:
            return urllib.request.urlopen(f"{self.url}/livez", timeout=5).status == 200
        except OSError:
            return False


class Process:
    """A line of the Procfile, running in a process group of its own."""

    def __init__(self, name, environment, log):
        lines = (PROJECT / "Procfile").read_text().splitlines()
        (command,) = (line.partition(":")[2] for line in lines if line.startswith(f"{name}:"))
        with log.open("ab") as stream:
            self.popen = subprocess.Popen(
                ["sh", "-c", command],
                cwd=PROJECT,
                env=environment,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def is_running(self):
        return self.popen.poll() is None

    def stop(self, seconds=15):
        """Ask the process to end, and return its exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(timeout=seconds)

    def kill(self):
        """End the process and its children at once, as a power cut would."""
        if self.is_running():
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait(timeout=10)

    def pids(self):
        """Return the ids of the process and its children."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "-g", str(self.popen.pid)], capture_output=True, text=True, check=True
        )
        return [int(pid) for pid in listed.stdout.split()]


def past(**ago):
    """Return a moment before now; tests move rows instead of the clock."""
    return datetime.now(UTC) - timedelta(**ago)


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
