"""Do pictures speak to those who can't see them, and may we show the people in them?"""

import re

from django.utils.translation import gettext as _

from articles.checks.draft import Finding, Level
from clinic.models import Picture

# What cameras and programs call their files.
FILE_NAME = re.compile(
    r".+\.(?:jpe?g|png|webp|gif|heic|tiff?)|(?:img|dsc|dscn|pxl|image|screenshot)[\W_]?\d+", re.IGNORECASE
)
SAYS_PICTURE = re.compile(
    r"(?:an? |the )?(?:image|picture|photo|photograph|graphic) (?:of|showing)\b", re.IGNORECASE
)


def check(draft):
    """Look at the pictures of a text and their alternative texts."""
    images = draft.elements("img")
    shown = {_number(image) for image in images} | {draft.text.lead_picture_id} - {None}
    if not shown:
        return
    undecided = [_number(image) for image in images if "alt" not in image.attributes]
    names = Picture.objects.in_bulk(undecided) if undecided else {}
    for image in images:
        name = names.get(_number(image), f"#{_number(image)}")
        yield from _alternative(draft, image.attributes.get("alt"), name)
    for picture in Picture.objects.lacking_permission().filter(pk__in=shown):
        message = _("Note for the picture “%(picture)s” where the people’s permission is kept.")
        yield Finding("picture-consent", Level.BLOCK, "body", message % {"picture": picture})


def _alternative(draft, alt, name):
    # An empty alternative text says that the picture is decoration; none at all, that nobody has decided.
    if alt is None:
        message = _("Say what the picture “%(picture)s” shows, or mark it as decoration.")
        yield Finding("picture-alt", draft.strict, "body", message % {"picture": name})
    elif FILE_NAME.fullmatch(alt):
        message = _("“%(alt)s” is the name of a file. Say what the picture shows.")
        yield Finding("picture-alt-file", Level.WARN, "body", message % {"alt": alt}, alt)
    elif begins := SAYS_PICTURE.match(alt):
        message = _("Leave out “%(words)s”: a screen reader says that it is a picture.")
        yield Finding("picture-alt-words", Level.WARN, "body", message % {"words": begins[0]}, alt)


def _number(image):
    return int(image.attributes["data-picture"])
