"""The module that knows the site's kind of database."""

from django.db import connection

from clinic.backup import postgresql, sqlite

KINDS = {"sqlite": sqlite, "postgresql": postgresql}


def kind():
    """Return the module that copies, checks and restores this site's database."""
    return KINDS[connection.vendor]
