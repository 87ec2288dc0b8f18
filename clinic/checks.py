from django.core.checks import Error
from django.db import connections

from clinic import durability


def durable_database(app_configs, databases, **kwargs):
    """Return an error for every database that could forget a committed request."""
    return [
        Error(sentence, id="clinic.E001")
        for alias in databases or []
        for sentence in durability.weaknesses(connections[alias])
    ]
