"""What systemd does for an installed site, as far as a test needs it: run the units as they stand.

systemctl.py ROOT start|stop|restart|daemon-reload|enable UNIT…
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path


class Unit:
    """One service of an installation under a root, with its process id in ROOT/run."""

    def __init__(self, root, name):
        self.root, self.name = Path(root), name
        self.text = (self.root / f"etc/systemd/system/{name}.service").read_text()
        self.run = self.root / "run"
        self.run.mkdir(exist_ok=True)
        self.pid_file = self.run / f"{name}.pid"
        self.log = self.run / f"{name}.log"

    def setting(self, name):
        """Return the value of the one line that sets this."""
        (value,) = re.findall(rf"^{name}=(.*)$", self.text, re.MULTILINE)
        return value

    def environment(self):
        """Return what the process gets: nothing of the shell's, and the file over the lines."""
        lines = Path(self.setting("EnvironmentFile")).read_text().splitlines()
        pairs = [
            *self.setting("Environment").split(),
            *(line for line in lines if re.match(r"[A-Z_]+=", line)),
        ]
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | dict(pair.split("=", 1) for pair in pairs)

    def command(self):
        """Return the program and its arguments, with ${NAME} filled in."""
        environment = self.environment()
        words = shlex.split(self.setting("ExecStart"))
        return [re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], word) for word in words]

    def start(self):
        if self.pid():
            return
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command(),
                cwd=self.setting("WorkingDirectory"),
                env=self.environment(),
                umask=int(self.setting("UMask"), 8),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid_file.write_text(str(process.pid))

    def stop(self):
        if pid := self.pid():
            os.kill(pid, signal.SIGTERM)
            end = time.monotonic() + int(self.setting("TimeoutStopSec"))
            while self.pid() and time.monotonic() < end:
                time.sleep(0.05)
        self.kill()

    def kill(self):
        """End the process and its children at once."""
        if pid := self.pid():
            os.killpg(pid, signal.SIGKILL)
        self.pid_file.unlink(missing_ok=True)

    def pid(self):
        """Return the process id, or None if nothing runs; a dead process nobody has asked for is nothing."""
        try:
            pid = int(self.pid_file.read_text())
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError):
            return None
        return None if state == "Z" else pid


def main(root, verb, *names):
    for name in names:
        if verb in ("stop", "restart"):
            Unit(root, name).stop()
        if verb in ("start", "restart"):
            Unit(root, name).start()


if __name__ == "__main__":
    # A proxy is not ours to start here, and a timer has no process.
    main(*sys.argv[1:3], *(name for name in sys.argv[3:] if name in ("clinic-web", "clinic-worker")))
