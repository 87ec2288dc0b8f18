"""Encrypt what a stolen database or backup must not tell, with keys that lie in neither.

The keys are apart from SECRET_KEY, which may be changed at any time: they are needed as long as there is
a backup to open. The first encrypts, all decrypt. What does not decrypt is an error, never taken for text.
"""

import base64
import os
import secrets
import tempfile
from contextlib import suppress

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


def cipher(purpose):
    """Return the cipher of one purpose for short texts, with `encrypt`, `decrypt` and `rotate`."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys(purpose)])


def keys(purpose):
    """Return the 32 bytes that each key comes to for this purpose, the one in use first."""
    return [_derived(key, purpose) for key in settings.ENCRYPTION_KEYS or [_key_of_this_machine()]]


def _derived(key, purpose):
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"clinic {purpose}".encode()).derive(key.encode())


def _key_of_this_machine():
    """Return the key of the file that is made at the first need, for a site on one machine."""
    path = settings.ENCRYPTION_KEY_FILE
    if not path.exists():
        _make(path)
    key = path.read_text().strip()
    if len(key) < KEY_BYTES:
        raise ImproperlyConfigured(
            f"The key in {path.name} is not whole. Bring it back, or set ENCRYPTION_KEYS."
        )
    return key


def _make(path):
    """Write a new key, whole or not at all; of two processes at once the first wins."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft, suppress(FileExistsError):
        draft.write(secrets.token_urlsafe(KEY_BYTES))
        draft.flush()
        os.fsync(draft.fileno())
        os.link(draft.name, path)
