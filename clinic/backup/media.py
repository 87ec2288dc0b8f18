"""The media files, and how those of a backup take their place.

All of it happens within MEDIA_ROOT, which may be a disk of its own: nothing can be renamed onto or off it.
"""

import os
import shutil
from contextlib import ExitStack, contextmanager

from django.conf import settings

from clinic.backup import places

# Proxies show nothing whose name has a dot in front.
ARRIVING = ".restoring"
KEPT_BY_THE_DISK = "lost+found"


def files():
    """Return the path of every media file, in order."""
    found = (path for entry in _entries() for path in (entry, *entry.rglob("*")))
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


@contextmanager
def arriving():
    """Yield a folder for the files of a backup, which is gone at the end with all that is still in it."""
    folder = settings.MEDIA_ROOT / ARRIVING
    shutil.rmtree(folder, ignore_errors=True)
    _make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(path, content):
    """Write a file of a backup to the disk."""
    _make_folder(path.parent)
    # What was still being written is in the backup twice, whole the second time.
    path.unlink(missing_ok=True)
    with places.private_file(path, mode=settings.FILE_UPLOAD_PERMISSIONS) as file:
        shutil.copyfileobj(content, file)


@contextmanager
def in_place(arrived, aside):
    """Have what has arrived in its place, what was there aside; whatever is raised within puts both back."""
    kept = settings.MEDIA_ROOT / f".{aside}"
    old = [(entry, kept / entry.name) for entry in _entries()]
    new = [(entry, settings.MEDIA_ROOT / entry.name) for entry in arrived.iterdir()]
    with ExitStack() as back:
        if old:
            _make_folder(kept)
            back.callback(kept.rmdir)
        for source, target in [*old, *new]:
            source.rename(target)
            back.callback(target.rename, source)
        places.settle(settings.MEDIA_ROOT)
        yield
        back.pop_all()


def _entries():
    """Return what lies in MEDIA_ROOT, but for what hides there, such as what a restore has put aside."""
    return [entry for entry in settings.MEDIA_ROOT.glob("[!.]*") if entry.name != KEPT_BY_THE_DISK]


def _make_folder(folder):
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir()
        os.chmod(folder, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
