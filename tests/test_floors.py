"""The floors under the lock: `make check` ends well with what is installed, and not below them."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "deploy/floors.py"


def run(text):
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)


def test_what_is_installed_passes():
    done = run(SCRIPT.read_text())

    assert (done.returncode, done.stderr) == (0, "")


def test_t32_a_release_below_its_floor_is_named():
    done = run(SCRIPT.read_text().replace('"Pillow": "12.3"', '"Pillow": "9999"'))

    assert done.returncode == 1
    assert done.stderr.endswith("is below 9999; run make lock.\n")
