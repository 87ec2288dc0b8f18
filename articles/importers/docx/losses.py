"""Take out of a Word file what no article keeps, and note each piece, so that the report can name it."""

import re
from collections import defaultdict

# Word's own parts have several namespaces, old and strict; the local names are the same.
UNWRAPPED = {"fldSimple", "bdo", "dir"}
DRAWN = {"AlternateContent", "drawing", "pict", "object"}
WITH_TEXT = {"t", "delText"}
NEW_LINE = {"p", "br", "tab"}
OFF = {"0", "false", "off"}
CONTENTS = re.compile(r"(?:toc|contents|table of contents)\b", re.IGNORECASE)
HEADING = re.compile(r"(?:heading [1-6]|title|subtitle)", re.IGNORECASE)
# Fields that show something else each time; the text keeps what they last showed.
LIVELY = re.compile(
    r"\s*(?:\w*DATE|TIME|(?:NUM)?PAGES?|FILENAME|AUTHOR|MERGEFIELD|DOCPROPERTY)\b", re.IGNORECASE
)
MOST_STEPS_TO_A_HEADING = 10
# Stands for the alternative text of a picture that its author marked as decorative.
DECORATIVE = "\ue000"


def local(element):
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def value(element, name="val"):
    """Return an attribute by its name without namespace."""
    return next((text for key, text in element.items() if key.rpartition("}")[2] == name), "")


def text_of(element):
    """Return the words of an element, those that were deleted included."""
    return "".join(map(_piece, element.iter())).strip()


def _piece(element):
    name = local(element)
    return (element.text or "") if name in WITH_TEXT else "\n" if name in NEW_LINE else ""


class Cleaning:
    """Cleans the parts of one document; `lost` holds the words of each piece by its kind."""

    def __init__(self, styles):
        self.lost = defaultdict(list)
        self.styles = {value(style, "styleId"): style for style in styles if local(style) == "style"}
        self.names = {key: _child_value(style, "name") for key, style in self.styles.items()}
        self.hidden_styles = {key for key, style in self.styles.items() if _is_hidden(style)}

    def name_headings(self):
        """Give styles that are based on a heading its name, by which it is recognised."""
        for key, style in self.styles.items():
            name = self._heading_of(key)
            for child in style:
                if name and local(child) == "name":
                    child.attrib = dict.fromkeys(child.attrib, name)

    def clean(self, element):
        """Take out of an element what is lost, and unwrap what would hide text from the reader."""
        kept = []
        for child in element:
            kind = self._kind(child)
            if kind:
                boxes = (part for part in child.iter() if local(part) == "txbxContent")
                # A text box is there twice, for new and for old readers.
                self.lost[kind].append(text_of(next(boxes, child)))
                continue
            self._note(child)
            self.clean(child)
            kept += _in_place_of(child)
        element[:] = kept

    def note_part(self, root):
        """Note the headers, footers and comments, which are parts of their own."""
        if local(root) == "comments":
            self.lost["comments"] += [text_of(comment) for comment in root]
        elif local(root) in ("hdr", "ftr") and any(map(str.isalpha, text := text_of(root))):
            # The first, even and odd pages have their own, often with the same words.
            self.lost["margins"] += [text] if text not in self.lost["margins"] else []

    def _kind(self, element):
        """Return what is lost with this element, or nothing."""
        name = local(element)
        inner = {local(part) for part in element.iter()} if name in DRAWN else ()
        if name in ("del", "moveFrom"):
            return "deletions" if text_of(element) else ""
        if name in ("oMath", "oMathPara"):
            return "equations"
        if name == "object" or "txbxContent" in inner:
            return "text_boxes" if text_of(element) else "drawings"
        if name in ("drawing", "AlternateContent") and not inner & {"blip", "imagedata"}:
            return "drawings"
        if self._is_contents(element, name):
            return "contents"
        return "hidden" if name in ("p", "r") and self._is_hidden(element) and text_of(element) else ""

    def _note(self, element):
        """Note what stays, but should be looked at."""
        name = local(element)
        if name in ("ins", "moveTo") and text_of(element):
            self.lost["insertions"].append(text_of(element))
        if LIVELY.match(value(element, "instr") or (name == "instrText" and element.text) or ""):
            self.lost["fields"].append(text_of(element))
        if name == "docPr" and any(local(part) == "decorative" and _is_on(part) for part in element.iter()):
            element.set("descr", DECORATIVE)

    def _is_contents(self, element, name):
        if name == "p":
            return bool(CONTENTS.match(self.names.get(_style_of(element)) or ""))
        galleries = (value(part) for part in element.iter() if local(part) == "docPartGallery")
        return name == "sdt" and "Table of Contents" in galleries

    def _is_hidden(self, element):
        return _style_of(element) in self.hidden_styles or (local(element) == "r" and _is_hidden(element))

    def _heading_of(self, key):
        for _step in range(MOST_STEPS_TO_A_HEADING):
            name = self.names.get(key, "")
            if HEADING.fullmatch(name) or CONTENTS.match(name):
                return name
            key = _child_value(self.styles[key], "basedOn") if key in self.styles else ""
        return ""


def _in_place_of(element):
    if local(element) in UNWRAPPED:
        return list(element)
    if local(element) == "AlternateContent":
        # mammoth takes the fallback, which has a picture without its description.
        choices = [part for part in element.iter() if local(part) == "graphicData"]
        if any(local(part) == "pic" for choice in choices for part in choice):
            return list(element[0])
    return [element]


def _is_on(element):
    return value(element) not in OFF


def _is_hidden(element):
    """Tell whether the properties of a run or style hide its text."""
    properties = (child for child in element if local(child) == "rPr")
    return any(local(part) == "vanish" and _is_on(part) for child in properties for part in child)


def _style_of(element):
    properties = (child for child in element if local(child) in ("pPr", "rPr"))
    return next(
        (value(part) for child in properties for part in child if local(part) in ("pStyle", "rStyle")), ""
    )


def _child_value(element, name):
    return next((value(child) for child in element if local(child) == name), "")
