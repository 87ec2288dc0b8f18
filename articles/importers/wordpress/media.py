"""Pictures of an export, from a copy of its uploads folder. Nothing is ever fetched."""

import hashlib
import re
from os.path import isfile
from pathlib import Path
from urllib.parse import unquote

from django.core.files import File
from django.utils.translation import gettext as _

from articles.importers.parsed import ImportRefused
from clinic import pictures
from clinic.models import Picture

UPLOADS = re.compile(r".*?/uploads/(?:sites/\d+/)?(.+)", re.DOTALL)
# WordPress keeps smaller copies beside each file: heel-300x200.jpg.
SIZE = re.compile(r"-\d+x\d+(?=\.\w+$)")
LONGEST_TITLE = Picture._meta.get_field("title").max_length
LONGEST_ALT = Picture._meta.get_field("alt").max_length


class Media:
    """The files of an uploads folder, each stored once however often it is used.

    `alts` are the alternative texts of the earlier site's library, by address.
    """

    def __init__(self, folder: Path | None, alts: dict[str, str]):
        if folder and not folder.is_dir():
            raise ImportRefused(_("%(folder)s is not a folder.") % {"folder": folder})
        self.folder = folder and folder.resolve()
        self.alts = {_name(url): alt for url, alt in alts.items()}
        self.stored: dict[str, Picture] = {}

    def find(self, url: str) -> str | None:
        """Return the name of the file at an address, such as 2019/05/heel.jpg; the original if possible."""
        name = _name(url)
        if self.folder is None or not name or "\0" in name:
            return None
        names = dict.fromkeys([SIZE.sub("", name), SIZE.sub("-scaled", name), name])
        files = ((self.folder / name).resolve() for name in names)
        # Path.is_file raises where a name is too long for the system.
        found = (file for file in files if file.is_relative_to(self.folder) and isfile(file))
        return next((file.relative_to(self.folder).as_posix() for file in found), None)

    def store(self, name: str) -> Picture:
        """Store a file in the picture library, once; raise ValidationError with a sentence for people."""
        title, alt = name[-LONGEST_TITLE:], self.alts.get(name, "")
        with (self.folder / name).open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            content.seek(0)
            if digest not in self.stored:
                # The name is how a later run knows a picture of this one.
                known = Picture.objects.filter(title=title, created_by=None).first()
                self.stored[digest] = known or pictures.store(
                    pictures.open_safely(File(content)), title=title, alt=alt[:LONGEST_ALT]
                )
        return self.stored[digest]


def _name(url):
    match = UPLOADS.match(unquote(url.partition("?")[0]))
    return match[1] if match else ""
