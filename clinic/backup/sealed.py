"""Encrypt a stream of any length so that no part of it can be read, changed, cut, moved or added to.

This is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015): AES-256-GCM seals piece by
piece, and the nonce of a piece is its number and whether it is the last. A stored stream is MAGIC, a
random salt, the mark of the key, and the sealed pieces. The salt gives each stream a key of its own.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic.backup.problems import BackupProblem

# Names the format too: a change in it needs another number.
MAGIC = b"clinic-backup-1\n"
SALT_BYTES = MARK_BYTES = TAG_BYTES = 16
KEY_BYTES = 32
HEAD_BYTES = len(MAGIC) + SALT_BYTES + MARK_BYTES
PIECE_BYTES = 64 * 1024
SEALED_BYTES = PIECE_BYTES + TAG_BYTES


class Sealer:
    """Write plain bytes to it, then finish(): the sealed ones go to `file`."""

    def __init__(self, file, key):
        salt = secrets.token_bytes(SALT_BYTES)
        self._cipher, mark = _own_key(key, salt)
        self._file, self._number, self._waiting = file, 0, bytearray()
        file.write(MAGIC + salt + mark)

    def write(self, data):
        self._waiting += data
        # A full piece waits for more, since only the end tells which one is the last.
        while len(self._waiting) > PIECE_BYTES:
            self._seal(self._waiting[:PIECE_BYTES], is_last=False)
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def tell(self):
        return self._number * PIECE_BYTES + len(self._waiting)

    def finish(self):
        """Write the last piece, without which nobody accepts the stream."""
        self._seal(self._waiting, is_last=True)

    def _seal(self, piece, *, is_last):
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), bytes(piece), None))
        self._number += 1


class Opener:
    """Read the plain bytes of a sealed file from it, up to the end; raises BackupProblem on any damage."""

    def __init__(self, file, keys):
        head = file.read(HEAD_BYTES)
        if not head.startswith(MAGIC):
            raise BackupProblem("unknown-format", "This file is no backup that this release can open.")
        salt, mark = head[len(MAGIC) : -MARK_BYTES], head[-MARK_BYTES:]
        self._cipher = _fitting(keys, salt, mark)
        self._file, self._number, self._ready = file, 0, b""
        self._next = file.read(SEALED_BYTES)
        self._is_at_end = False

    def read(self, size):
        """Return the next `size` bytes, fewer only at the end."""
        while len(self._ready) < size and not self._is_at_end:
            self._ready += self._open()
        taken, self._ready = self._ready[:size], self._ready[size:]
        return taken

    def _open(self):
        sealed, self._next = self._next, self._file.read(SEALED_BYTES)
        self._is_at_end = not self._next
        nonce = _nonce(self._number, self._is_at_end)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag as error:
            raise damaged() from error


def damaged():
    """Return the problem of a backup that is not as it was written."""
    return BackupProblem("damaged", "This backup is damaged, cut off or altered. Use another one.")


def _fitting(keys, salt, mark):
    """Return the cipher of the key that bears the mark."""
    for key in keys:
        cipher, its_mark = _own_key(key, salt)
        if secrets.compare_digest(its_mark, mark):
            return cipher
    raise BackupProblem(
        "wrong-key",
        "None of this site’s keys opens this backup. Set ENCRYPTION_KEYS to the one it was made with.",
    )


def _own_key(key, salt):
    """Return the cipher of one stream, and the mark by which a reader finds its key among several."""
    derived = HKDF(SHA256(), KEY_BYTES + MARK_BYTES, salt=salt, info=MAGIC).derive(key)
    return AESGCM(derived[:KEY_BYTES]), derived[KEY_BYTES:]


def _nonce(number, is_last):
    return number.to_bytes(11, "big") + bytes([is_last])
