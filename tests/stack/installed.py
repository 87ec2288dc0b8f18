"""A site installed by `make install` under a folder of its own, and run by the commands of its units."""

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.stack.site import PROJECT, unused_port
from tests.stack.systemctl import Unit

DOMAIN, TWIN = "www.clinic.example", "clinic.example"


class Installed:
    """The folder that stands for a server, and what an operator does there."""

    def __init__(self, root):
        self.root, self.port = root, unused_port()
        self.systemctl = f"{sys.executable} {PROJECT}/tests/stack/systemctl.py {root}"
        self.data = root / "var/lib/clinic"
        self.current = root / "opt/clinic/current"
        self.trial = ["--root", str(root), "--venv", sys.prefix]

    def make(self, target, *variables, source=PROJECT, services=True):
        """Run `make install`, `upgrade` or `rollback` in a folder of the project, and return the process."""
        trial = [*self.trial, *(["--systemctl", f"'{self.systemctl}'"] if services else [])]
        command = ["make", "-s", target, f"ARGS={' '.join(trial)}", f"PYTHON={sys.executable}", *variables]
        return subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=150)

    def install(self, *variables, source=PROJECT):
        """Install without starting anything; `set` and `start` do the rest."""
        done = self.make("install", f"DOMAIN={DOMAIN}", *variables, source=source, services=False)
        assert done.returncode == 0, done.stdout + done.stderr
        self.set(PORT=self.port, EMAIL_URL="smtp://127.0.0.1:9")

    def set(self, **variables):
        """Edit the file of settings as a person would."""
        file = self.root / "etc/clinic/env"
        text = file.read_text()
        for name, value in variables.items():
            text = re.sub(rf"^#?{name}=.*\n", "", text, flags=re.MULTILINE) + f"{name}={value}\n"
        file.write_text(text)

    def clinic(self, *arguments):
        """Run the program `clinic`, and return what it said."""
        program = self.root / "usr/local/bin/clinic"
        done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def unit(self, name):
        return Unit(self.root, name)

    def start(self, *names):
        for name in names:
            self.unit(name).start()
        self.wait_until(self.answers, "the web server answers")

    def answers(self):
        """Tell whether the web server answers on its own port, as no visitor reaches it."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/livez", headers={"Host": DOMAIN})
        try:
            return urllib.request.urlopen(request, timeout=5).status == 200
        except OSError:
            return False

    def wait_until(self, condition, what, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.05)
        logs = [f"--- {log.name}\n{log.read_text()[-2000:]}" for log in (self.root / "run").glob("*.log")]
        raise AssertionError(f"not within {seconds} s: {what}\n" + "\n".join(logs))

    def end(self):
        for name in ("clinic-web", "clinic-worker"):
            if (self.root / f"etc/systemd/system/{name}.service").exists():
                self.unit(name).kill()


def mode(path):
    """Return the permissions of a file, such as "640"."""
    return oct(Path(path).stat().st_mode & 0o777)[2:]
