"""Put the pictures of a text into the library, and into the text what the library knows them by."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from articles import html
from articles.tree import parse
from clinic import pictures
from clinic.models import Picture

LONGEST_TITLE = Picture._meta.get_field("title").max_length
LONGEST_ALT = Picture._meta.get_field("alt").max_length


def decoded(contents: list[bytes], dropped: list[str]) -> list:
    """Decode pictures by the rules for uploads; None stands for one that was refused, and is named."""
    found = []
    for number, content in enumerate(contents, start=1):
        try:
            found.append(pictures.open_safely(ContentFile(content)))
        except ValidationError as error:
            found.append(None)
            dropped.append(_("Picture %(number)d: %(why)s") % {"number": number, "why": error.messages[0]})
    return found


def placed(body: str, encoded: list, *, title: str, by) -> str:
    """Store the pictures and return the text with them; `data-picture="1"` stood for the first."""
    tree = parse(body)
    stored = {}
    for image in [element for element in tree.elements() if element.tag == "img"]:
        number = int(image.attributes.pop("data-picture"))
        if number not in stored and encoded[number - 1]:
            name = _("%(title)s, picture %(number)d") % {"title": title, "number": number}
            alt = image.attributes.get("alt", "")
            stored[number] = pictures.store(
                encoded[number - 1], title=name[:LONGEST_TITLE], alt=alt[:LONGEST_ALT], by=by
            )
        if number in stored:
            image.attributes |= {"data-picture": str(stored[number].pk), "src": stored[number].url}
    # Without a picture of the library an image is no image, and is cleaned away.
    return html.clean(tree.markup())
