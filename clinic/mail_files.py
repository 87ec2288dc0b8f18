"""E-mail as files, for a clinic that is being tried out: one message, one `.eml`, readable anywhere."""

import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """Write each message to its own file in `EMAIL_FILE_PATH`."""

    def send_messages(self, email_messages):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        for message in email_messages:
            _write_whole(folder, message.message().as_bytes(linesep="\r\n"))
        return len(email_messages)


def _write_whole(folder, content):
    """Write the file under another name first: whoever watches the folder never sees half a message."""
    name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
    draft = folder / f".{name}.part"
    with open(draft, "xb", opener=_private) as file:
        file.write(content)
    draft.rename(folder / f"{name}.eml")


def _private(path, flags):
    return os.open(path, flags, mode=0o600)
