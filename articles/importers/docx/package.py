"""Open a Word file without trusting it: a zip of XML parts, checked before and while it is read."""

import io
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_BYTES = 50 * 1024 * 1024
MOST_TIMES = 100
MOST_MEMBERS = 2_000
# Python unpacks the other kinds in one go, whatever size they declare.
UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
OLD_WORD = b"\xd0\xcf\x11\xe0"


class Refused(Exception):
    """A file that is not read; the text is a key of docx.reader.REFUSALS."""


def members(content: bytes) -> dict[str, bytes]:
    """Return the members of the zip by name; raise Refused if it is none, or unpacks to too much."""
    if content.startswith(OLD_WORD):
        raise Refused("old")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            rows = archive.infolist()
            _check(rows, len(content))
            # No member yields more than it declares.
            found = {row.filename: archive.read(row) for row in rows}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refused("damaged") from error
    if any(name.lower().endswith("vbaproject.bin") for name in found):
        raise Refused("macros")
    return found


def _check(rows, packed_size):
    unpacked_size = sum(row.file_size for row in rows)
    if unpacked_size > min(MOST_BYTES, MOST_TIMES * packed_size) or len(rows) > MOST_MEMBERS:
        raise Refused("bomb")
    if len({row.filename for row in rows}) < len(rows) or any(
        row.compress_type not in UNPACKED for row in rows
    ):
        raise Refused("damaged")


def xml_parts(found: dict[str, bytes]) -> dict[str, Element]:
    """Return the parsed XML members by name; raise Refused if one brings a document type."""
    try:
        return {
            name: fromstring(content, forbid_dtd=True)
            for name, content in found.items()
            if name.endswith((".xml", ".rels"))
        }
    except DefusedXmlException as error:
        raise Refused("doctype") from error
    except ParseError as error:
        raise Refused("damaged") from error


def packed(parts: dict[str, Element], others) -> io.BytesIO:
    """Return a zip with these XML parts; each other member is there by name and holds its name alone."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, root in parts.items():
            archive.writestr(name, tostring(root))
        for name in others:
            archive.writestr(name, name)
    file.seek(0)
    return file
