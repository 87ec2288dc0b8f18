"""Make `.venv` and install the locked libraries into it. Runs on a bare Python: standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
OLDEST_PYTHON = (3, 11)


def refuse(sentence):
    """End with one sentence that says what to do."""
    sys.exit(sentence)


def check_python():
    """Refuse a Python that cannot run the site."""
    if sys.version_info < OLDEST_PYTHON:
        refuse(
            "This is Python {}.{}; install Python 3.11 or newer and run make again.".format(*sys.version_info)
        )


def install(*lock_files):
    """Make the environment if needed, and install each lock file that it does not hold yet."""
    make_environment()
    for lock_file in lock_files:
        stamp = VENV / (lock_file.replace("/", "-") + ".installed")
        digest = hashlib.sha256((PROJECT / lock_file).read_bytes()).hexdigest()
        if not stamp.exists() or stamp.read_text() != digest:
            print(f"Installing {lock_file} …", flush=True)
            install_with_hashes(lock_file)
            stamp.write_text(digest)


def make_environment():
    """Create `.venv`, also over one that an interruption left half made or an earlier Python made."""
    finished = VENV / "made-by-python"
    if finished.exists() and (VENV / "bin/python").exists() and is_of_this_python(finished.read_text()):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode and not os.access(PROJECT, os.W_OK):
        refuse(f"The folder {PROJECT} cannot be written; make it yours or copy the project elsewhere.")
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        refuse(
            "This Python cannot make virtual environments; install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv) and run make again."
        )
    finished.write_text(sys.version)


def is_of_this_python(version):
    """Tell whether libraries installed by that Python are found by this one."""
    return version.split(".")[:2] == sys.version.split(".")[:2]


def install_with_hashes(lock_file):
    """Install exactly the files the lock names; a changed or missing hash stops it."""
    pip = [
        VENV / "bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    pip += ["--retries", "1", "--require-hashes", "--requirement", PROJECT / lock_file]
    done = subprocess.run(pip, capture_output=True, text=True, env=without_other_python())
    if done.returncode:
        log = PROJECT / "var/install.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(done.stdout + done.stderr)
        refuse(
            "The libraries could not be downloaded; check the network connection and run make again "
            f"(details: {log})."
        )


def without_other_python():
    """Return the environment without the variables that would lead pip into another installation."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_USER", "PIP_PREFIX"}
    }


if __name__ == "__main__":
    check_python()
    install(*(sys.argv[1:] or ("requirements.txt", "tests/requirements.txt")))
