"""Read a WordPress export (WXR) as a stream: what was looked at is emptied, whatever the file weighs."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from articles.importers.parsed import ImportRefused

MOST_BYTES = 200 * 1024 * 1024
# XML knows none of these, yet WordPress exports what people once pasted.
CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})
XINCLUDE = "{http://www.w3.org/2001/XInclude}"


def elements(path: Path) -> Iterator[Element]:
    """Yield what stands right under the channel; each element is gone once the next one is asked for."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportRefused(_("%(name)s is larger than 200 MB.") % {"name": path.name})
        with path.open("rb") as file:
            yield from _parsed(file)
    except DefusedXmlException as error:
        raise ImportRefused(
            _("%(name)s holds a document type or entities. WordPress writes none.") % {"name": path.name}
        ) from error
    except ParseError as error:
        raise ImportRefused(
            _("%(name)s can’t be read at line %(line)d. Export it again.")
            % {"name": path.name, "line": error.position[0]}
        ) from error
    except OSError as error:
        raise ImportRefused(
            _("%(name)s could not be read: %(why)s.") % {"name": path.name, "why": error.strerror}
        ) from error


def _parsed(file):
    above: list[Element] = []
    for event, element in iterparse(_WithoutControls(file), events=("start", "end"), forbid_dtd=True):
        if element.tag.startswith(XINCLUDE):
            raise DefusedXmlException
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if len(above) == 2:
            yield element
            above[-1].clear()
        elif name_of(element) == "comment":
            element.clear()


class _WithoutControls:
    def __init__(self, file):
        self.file = file

    def read(self, size):
        return self.file.read(size).translate(None, CONTROLS)


def fields_of(element: Element) -> dict[str, str]:
    """Return the texts right under an element by their names."""
    return {name_of(child): (child.text or "").strip() for child in element}


def name_of(element: Element) -> str:
    """Return the name without its namespace, which holds the version of the format."""
    namespace, _brace, name = element.tag.rpartition("}")
    if name == "encoded":
        return "excerpt" if "excerpt" in namespace else "content"
    return name
