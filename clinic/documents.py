"""Take a PDF in that patients will open: no scripts, nothing hidden, nothing locked."""

import re
import secrets
import zlib
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 10 * 1024 * 1024
TAKEN = _("PDF, at most 10 MB, without scripts, attached files or a password.")
ACCEPT = "application/pdf"
NO_PDF = _("Upload a PDF that opens on your screen.")
NOT_READ = _("We could not look into this PDF. Print it to a new PDF, then upload that one.")

STREAM = re.compile(rb"stream\r?\n")
ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
# Names of what acts by itself, or brings another file along.
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z])")
# Those too long for chance to write them into a picture: looked for in streams too, whose beginning is
# easy to forge.
UNMISTAKABLE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z])")
# A kilobyte may unpack to a megabyte; no honest form needs more names than this.
MOST_UNPACKED = 4 * MAX_BYTES


def read_safely(file):
    """Return the bytes of an uploaded PDF; raises ValidationError with a sentence for people."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The document must be 10 MB or smaller."))
    content = file.read()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise ValidationError(NO_PDF)
    names = _names(content)
    if b"/Encrypt" in names:
        raise ValidationError(_("This PDF is locked. Save it without a password, then upload it."))
    if ACTIVE.search(names) or UNMISTAKABLE.search(_unescaped(content)):
        raise ValidationError(
            _("This PDF holds a script or another file. Print it to a new PDF, then upload that one.")
        )
    return content


def _names(content):
    """Return what a PDF says in names: all but its streams, and what is packed into streams of objects."""
    said, room = [], MOST_UNPACKED
    for piece in content.split(b"endstream"):
        head, *data = STREAM.split(piece, maxsplit=1)
        said.append(head)
        if b"/ObjStm" in _unescaped(piece):
            said.append(_unpacked(b"".join(data), room))
            room -= len(said[-1])
    return _unescaped(b"\n".join(said))


def _unescaped(content):
    return ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), content)


def _unpacked(data, room):
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, max(1, room))
    except zlib.error as error:
        raise ValidationError(NOT_READ) from error
    if not unpacker.eof or unpacker.unused_data.strip():
        raise ValidationError(NOT_READ)
    return text


def put_file(document, content):
    """Give a document its file under a random name; the one it had goes once that is certain."""
    if document.file:
        remove_file(document)
    name = f"documents/{secrets.token_hex(8)}.pdf"
    document.file.name = default_storage.save(name, ContentFile(content))
    document.size = len(content)


def remove_file(document):
    """Remove the file of a document once the transaction is certain."""
    transaction.on_commit(partial(default_storage.delete, document.file.name))
