"""Which release this is, as pyproject.toml says."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def number():
    """Return the version, such as "0.2.0"."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]
