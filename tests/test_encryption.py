"""Keys of second factors and backups: apart from SECRET_KEY, made once, replaced without losing anything."""

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import InvalidToken

from clinic import encryption


def new_key():
    return secrets.token_urlsafe(32)


def test_what_an_earlier_key_encrypted_is_read_after_a_new_one_came(settings):
    old, new = new_key(), new_key()
    settings.ENCRYPTION_KEYS = [old]
    kept = encryption.cipher("second factors").encrypt(b"secret")

    settings.ENCRYPTION_KEYS = [new, old]
    renewed = encryption.cipher("second factors").rotate(kept)
    settings.ENCRYPTION_KEYS = [new]

    assert encryption.cipher("second factors").decrypt(renewed) == b"secret"


@pytest.mark.parametrize("other", ["another purpose", "second factors"])
def test_t35_what_was_changed_or_meant_for_something_else_is_refused(other):
    kept = encryption.cipher("second factors").encrypt(b"secret")
    changed = kept[:-4] + b"AAA=" if other == "second factors" else kept

    with pytest.raises(InvalidToken):
        encryption.cipher(other).decrypt(changed)


def test_t35_a_machine_without_a_key_makes_one_that_only_its_owner_reads(settings, tmp_path):
    settings.ENCRYPTION_KEYS = []
    settings.ENCRYPTION_KEY_FILE = tmp_path / "encryption-key"

    with ThreadPoolExecutor(8) as processes:
        found = list(processes.map(lambda _: encryption.keys("backups"), range(8)))

    assert len({tuple(keys) for keys in found}) == 1
    assert stat.S_IMODE(settings.ENCRYPTION_KEY_FILE.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["encryption-key"]
