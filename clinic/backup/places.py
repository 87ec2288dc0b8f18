"""Files and folders on their way to their place: private, whole or not there, and on the disk."""

import os
from contextlib import contextmanager

PRIVATE = 0o600


def beside(path, word):
    """Return the path next to a file or folder that tells by a word what it is."""
    return path.with_name(f"{path.name}.{word}")


@contextmanager
def private_file(path, mode=PRIVATE):
    """Open a new file that has this mode whatever the umask; at the end it is on the disk."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, PRIVATE)) as file:
        os.fchmod(file.fileno(), mode)
        yield file
        file.flush()
        os.fsync(file.fileno())


def settle(folder):
    """Make the disk keep what was renamed in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
