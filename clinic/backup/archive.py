"""What one backup file holds: a sealed tar of the database, the media files, and a manifest of them all."""

import hashlib
import io
import json
import os
import tarfile
from pathlib import PurePosixPath

from clinic import encryption
from clinic.backup.sealed import PIECE_BYTES, Opener, Sealer, damaged

DATABASE = "database"
MEDIA = "media"
MANIFEST = "manifest.json"
PURPOSE = "backups"


class Writer:
    """Add files to an archive, one after the other, then finish() with the manifest."""

    def __init__(self, file):
        self._sealer = Sealer(file, encryption.keys(PURPOSE)[0])
        self._tar = tarfile.open(fileobj=self._sealer, mode="w")  # noqa: SIM115 - finish() closes it
        self._members = {}

    def add(self, name, file):
        """Add an open file from its first byte to its present last; the last one of a name counts."""
        entry = tarfile.TarInfo(name)
        entry.size = file.seek(0, os.SEEK_END)
        file.seek(0)
        content = _Measured(file)
        self._tar.addfile(entry, content)
        self._members[name] = content.measures()

    def holds(self, name):
        """Tell whether a file of this name is in the archive already."""
        return name in self._members

    def finish(self, manifest):
        """Add the manifest, which tells the size and hash of every file, and seal the end."""
        self.add(MANIFEST, io.BytesIO(json.dumps(manifest | {"members": self._members}).encode()))
        self._tar.close()
        self._sealer.finish()


def read(file, take):
    """Read an archive to its end, hand each member to `take(name, content)`, and return the manifest.

    Raises BackupProblem if anything is not as it was written: what `take` has got is worthless then.
    """
    opener = Opener(file, encryption.keys(PURPOSE))
    try:
        manifest, found = _walk(opener, take)
    except (tarfile.TarError, ValueError) as error:
        raise damaged() from error
    # Beyond the end that tar sees there is padding, and the piece that proves the end.
    _drain(opener)
    if manifest is None or manifest["members"] != found:
        raise damaged()
    return manifest


def _walk(opener, take):
    manifest, found = None, {}
    with tarfile.open(fileobj=opener, mode="r|", bufsize=PIECE_BYTES) as tar:
        for entry in tar:
            _refuse_odd(entry)
            content = _Measured(tar.extractfile(entry))
            if entry.name == MANIFEST:
                manifest = json.loads(content.read())
            else:
                take(entry.name, content)
                _drain(content)
                found[entry.name] = content.measures()
    return manifest, found


def _drain(file):
    while file.read(PIECE_BYTES):
        pass


def _refuse_odd(entry):
    """Accept files below the folder they are restored to, and nothing else."""
    path = PurePosixPath(entry.name)
    if not entry.isreg() or path.is_absolute() or ".." in path.parts:
        raise damaged()


class _Measured:
    """A file that is read once, and measured on the way."""

    def __init__(self, file):
        self._file, self._bytes, self._digest = file, 0, hashlib.sha256()

    def read(self, size=-1):
        data = self._file.read(size)
        self._bytes += len(data)
        self._digest.update(data)
        return data

    def measures(self):
        """Return size and hash of what was read so far."""
        return {"bytes": self._bytes, "sha256": self._digest.hexdigest()}
