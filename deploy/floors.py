"""Refuse a lock that fell below the releases whose security fixes the site relies on."""

import sys
from importlib.metadata import version

from packaging.version import Version

FLOORS = {"Django": "5.2.19", "Pillow": "12.3", "mammoth": "1.11"}

too_old = [
    f"{name} {version(name)} is below {floor}; run make lock."
    for name, floor in FLOORS.items()
    if Version(version(name)) < Version(floor)
]
# An empty text would count as a failure.
sys.exit("\n".join(too_old) or 0)
