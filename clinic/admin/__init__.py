from clinic.admin import (
    addresses,
    backups,
    documents,
    facts,
    notices,
    outbox,
    pages,
    pictures,
    retention,
    trail,
)

__all__ = [
    "addresses",
    "backups",
    "documents",
    "facts",
    "notices",
    "outbox",
    "pages",
    "pictures",
    "retention",
    "trail",
]
