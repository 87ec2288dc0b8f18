"""Take a picture in, keep it in several widths, and let go of it.

What others made is decoded apart (clinic.picture_child), never in the process that serves the site.
"""

import json
import logging
import secrets
from functools import partial
from pathlib import PurePath
from threading import Lock

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic import apart
from clinic.models import Picture
from clinic.picture_child import Encoded
from clinic.text import one_line

log = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
DECODER = "clinic.picture_child"
SECONDS = 10
MEGABYTES = 1024
_decoding = Lock()
LONGEST_TITLE = Picture._meta.get_field("title").max_length

# Said wherever a picture can be uploaded.
TAKEN = _(
    "JPEG, PNG or WebP, at most 10 MB. Photos from iPhones: choose “Most compatible”, HEIC is not taken."
)
ACCEPT = "image/jpeg,image/png,image/webp"
TOO_HEAVY = _("The picture must be 10 MB or smaller.")
REFUSALS = {
    "unreadable": _("Upload a JPEG, PNG or WebP picture that opens on your screen."),
    "large": _("The picture must be 8,000 pixels wide and high or smaller."),
    "moving": _("The picture must not move."),
    "broken": _("We could not read this picture. Save it again, or choose another one."),
}


def open_safely(file):
    """Return an upload ready to be stored: upright, in sRGB colors, with its copies.

    Raises ValidationError with a sentence for people.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(TOO_HEAVY, code="heavy")
    try:
        # One after the other: a small server has memory for one huge picture a process.
        with _decoding:
            output = apart.run(DECODER, file.read(), seconds=SECONDS, megabytes=MEGABYTES)
    except apart.Broken as error:
        log.warning("picture.not_read bytes=%s", file.size)
        raise ValidationError(REFUSALS["broken"], code="broken") from error
    answer = json.loads(output)
    if "refused" in answer:
        raise ValidationError(REFUSALS[answer["refused"]], code=answer["refused"])
    return Encoded.unpacked(answer)


def title_of(filename):
    """Return the name of a file as the title of its picture: "sore_heel-2.jpg" is "Sore heel 2"."""
    words = one_line(PurePath(filename).stem.replace("_", " ").replace("-", " "))
    return (words[:1].upper() + words[1:])[:LONGEST_TITLE].strip() or gettext("Picture")


@transaction.atomic
def store(encoded, *, title, alt, caption="", credit="", by=None, **more):
    """Store an encoded picture with its WebP copies and return its row; `more` are fields of Picture."""
    picture = Picture(title=title, alt=alt, caption=caption, credit=credit, created_by=by, **more)
    picture.width, picture.height = encoded.width, encoded.height
    name = f"pictures/{secrets.token_hex(8)}.{encoded.suffix}"
    picture.file.name = default_storage.save(name, ContentFile(encoded.original))
    for width, copy in encoded.copies.items():
        default_storage.save(picture.copy_name(width), ContentFile(copy))
    picture.save()
    return picture


def remove_files(picture):
    """Remove the files of a deleted picture once the deletion is certain."""
    for name in (picture.file.name, *map(picture.copy_name, picture.widths)):
        transaction.on_commit(partial(default_storage.delete, name))
