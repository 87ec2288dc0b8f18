"""Remove uploaded files that no row names: a process died between writing the file and the commit."""

import logging
from datetime import timedelta

from django.core.files.storage import default_storage

from clinic.models import Document, Picture

log = logging.getLogger(__name__)

FOLDERS = ("pictures", "documents")
# Whatever is younger may belong to a transaction that is not over yet.
KEPT_FOR = timedelta(hours=24)
# More at once, or a database that knows none of the files, is not the one that they belong to.
MOST_AT_ONCE = 200


def remove(now):
    """Remove the files without a row, and return how many they were."""
    stored, named = _stored(), _named()
    nameless = stored - named
    orphans = [name for name in nameless if default_storage.get_modified_time(name) < now - KEPT_FOR]
    if len(orphans) > MOST_AT_ONCE or (orphans and stored.isdisjoint(named)):
        log.error("orphans.too_many count=%s", len(orphans))
        return 0
    for name in orphans:
        default_storage.delete(name)
    if orphans:
        log.info("orphans.removed count=%s", len(orphans))
    return len(orphans)


def _stored():
    folders = filter(default_storage.exists, FOLDERS)
    return {f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1]}


def _named():
    """Return the names of all files that rows know."""
    names = set(Document.objects.values_list("file", flat=True))
    for picture in Picture.objects.only("file", "width").iterator():
        names.update([picture.file.name, *map(picture.copy_name, picture.widths)])
    return names
