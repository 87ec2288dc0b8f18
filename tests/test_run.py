"""What `make run` says when this machine cannot run the site: one sentence, and exit 1."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FAKE_OLD_PYTHON = """\
import runpy, sys
sys.version_info = (3, 9, 18)
sys.argv = ["deploy/run.py"]
sys.path.insert(0, "deploy")
runpy.run_path("deploy/run.py", run_name="__main__")
"""


@pytest.fixture
def clone(tmp_path):
    """Copy what the start needs into a folder of its own."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("Makefile", "Procfile", "manage.py", "requirements.txt"):
        shutil.copy(PROJECT / name, folder)
    shutil.copytree(PROJECT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(clone, *arguments, python=(sys.executable,), **variables):
    """Start the bootstrap in the clone and return its exit code and what it said."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(clone), "PORT": str(unused_port())} | variables
    command = [*python, *(arguments or ["deploy/run.py"])]
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_busy_port_is_named_before_anything_is_made(clone):
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]

        said = run(clone, PORT=str(port))

    assert said == (
        1,
        f"Port {port} is in use; stop the other program or choose another: make run PORT=8001.\n",
    )
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(clone, port):
    assert run(clone, PORT=port) == (1, "Set PORT to a number from 1 to 65535, such as PORT=8001.\n")


def test_an_old_python_is_refused(clone):
    said = run(clone, "-c", FAKE_OLD_PYTHON)

    assert said == (1, "This is Python 3.9; install Python 3.11 or newer and run make again.\n")


def test_make_passes_over_an_old_python(clone, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    old = programs / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    new = programs / "python3.12"
    new.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    new.chmod(0o755)

    said = run(
        clone,
        "-c",
        "import os; os.execvp('make', ['make', 'run'])",
        PATH=f"{programs}:/usr/bin:/bin",
        PORT="x",
    )

    assert said[1].splitlines()[0] == "Set PORT to a number from 1 to 65535, such as PORT=8001."


def test_a_python_without_venv_is_told_what_to_install(clone, tmp_path):
    (tmp_path / "venv.py").write_text("raise ImportError('not packaged')\n")

    said = run(clone, PYTHONPATH=str(tmp_path))

    assert said == (
        1,
        "This Python cannot make virtual environments; install its venv module "
        "(on Debian and Ubuntu: apt install python3-venv) and run make again.\n",
    )
    assert not (clone / ".venv").exists()


@pytest.mark.faults
def test_a_first_start_without_network_says_so_and_can_be_repeated(clone):
    offline = {
        "PIP_INDEX_URL": f"http://127.0.0.1:{unused_port()}/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
    }
    sentence = (
        "The libraries could not be downloaded; check the network connection and run make again "
        f"(details: {clone}/var/install.log).\n"
    )

    first = run(clone, **offline)
    second = run(clone, **offline)

    assert (first, second) == ((1, sentence), (1, sentence))
    assert (clone / "var/install.log").read_text() != ""


def test_an_unwritable_folder_is_named(clone):
    clone.chmod(0o555)
    # Root may write everywhere, unless it gives that up.
    powerless = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-all"] if os.geteuid() == 0 else []

    said = run(clone, python=[*powerless, sys.executable, "-B"])
    clone.chmod(0o755)

    assert said == (
        1,
        f"The folder {clone} cannot be written; make it yours or copy the project elsewhere.\n",
    )


@pytest.fixture
def site(tmp_path):
    """Start the whole site in a copy of the project, and stop it as Ctrl-C does."""
    folder = tmp_path / "site"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns(".venv", "var", ".git", "__pycache__"))
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    running = []

    def start():
        port = str(unused_port())
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PORT": port}
        began = time.monotonic()
        running.append(subprocess.Popen([sys.executable, "deploy/run.py"], cwd=folder, env=environment))
        wait_for(f"http://127.0.0.1:{port}/livez", until=began + 90)
        return time.monotonic() - began

    def stop():
        running[-1].send_signal(signal.SIGINT)
        return running[-1].wait(timeout=10)

    yield start, stop, folder
    for process in running:
        process.terminate()
        process.wait(timeout=10)


def wait_for(url, *, until):
    while time.monotonic() < until:
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"{url} did not answer in time.")


@pytest.mark.faults
def test_the_site_starts_stops_and_starts_again_within_five_seconds(site):
    start, stop, folder = site

    start()
    logins = (folder / "var/demo-logins.txt").read_text()
    first_exit = stop()
    seconds = start()
    second_exit = stop()

    assert (first_exit, second_exit) == (130, 130)
    assert seconds < 5
    assert (folder / "var/demo-logins.txt").read_text() == logins
    assert [
        file.name for file in (folder / "var").iterdir() if file.is_file() and file.stat().st_mode & 0o077
    ] == []
