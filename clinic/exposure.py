"""Refuse to run while patients' data or keys lie where somebody else could read them.

Whatever the site writes is for its own user alone (the umask in manage.py and wsgi.py), but files get
copied and restored by hand, and one forgotten mode undoes the rest.
"""

import stat
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

OTHERS = stat.S_IRWXO


def refuse():
    """Stop the start of this process if a stranger could read what it keeps."""
    if not settings.DEBUG and (sentences := found()):
        raise ImproperlyConfigured(sentences[0])


def found():
    """Return a sentence for each way in which data or keys lie open."""
    return [*_readable_by_others(), *_served_to_visitors()]


def _readable_by_others():
    sentence = _("Other accounts of this machine can read %(file)s. Run: chmod 600 %(file)s")
    # Where deploy/ writes the settings of an installed site, and of `make run`.
    env_files = [Path("/etc/clinic/env"), settings.BASE_DIR / "var/env"]
    private = [*_database_files(), settings.ENCRYPTION_KEY_FILE, *env_files]
    return [sentence % {"file": file} for file in private if _is_open(file)]


def _served_to_visitors():
    public = {"MEDIA_ROOT": Path(settings.MEDIA_ROOT), "STATIC_ROOT": Path(settings.STATIC_ROOT)}
    sentence = _("Visitors could read the database in %(folder)s. Move it elsewhere.")
    for file in _database_files()[:1]:
        yield from (sentence % {"folder": name} for name, path in public.items() if file.is_relative_to(path))
    if public["MEDIA_ROOT"].is_relative_to(public["STATIC_ROOT"]):
        yield _("Set MEDIA_ROOT to a folder outside of the static files; they go with every upgrade.")


def _database_files():
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return []
    return [Path(f"{database['NAME']}{ending}") for ending in ("", "-wal", "-shm")]


def _is_open(file):
    try:
        return bool(file.stat().st_mode & OTHERS)
    except OSError:
        # Not there, or out of reach for the site as well.
        return False
