"""Read what strangers made in a child process, which may hang, swell or crash without harm.

The child is this module as well: it sets its own limits before it imports anything that reads. It gets
no environment, hence no secrets, and needs no Django, hence starts fast.
"""

import resource
import runpy
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class Broken(Exception):
    """The child ended without an answer: what it read is damaged, hostile or too much."""


def run(module, content, *, seconds, megabytes):
    """Run a module of the project on the bytes `content` as its input, and return what it printed.

    Raises Broken if it fails, or takes longer or more memory than it may.
    """
    command = [sys.executable, "-m", __name__, module, str(seconds), str(megabytes)]
    try:
        child = subprocess.run(  # noqa: S603 - the command holds nothing that came from outside
            command, input=content, capture_output=True, timeout=seconds, cwd=PROJECT, env={}, check=True
        )
    except subprocess.SubprocessError as error:
        raise Broken(module) from error
    return child.stdout


def _limit(seconds, megabytes):
    most = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: megabytes * 1024 * 1024,
        # It has nothing to write but its answer.
        resource.RLIMIT_FSIZE: 0,
    }
    for kind, value in most.items():
        # Refused where a stricter limit holds already, and on systems that cannot limit memory.
        with suppress(ValueError):
            resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    _limit(int(sys.argv[2]), int(sys.argv[3]))
    runpy.run_module(sys.argv[1], run_name="__main__")
