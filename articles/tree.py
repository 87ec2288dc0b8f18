"""A small tree of HTML elements: read, walk, write. Only for HTML that nh3 has already balanced."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID_TAGS = {"br", "img"}
# Deeper markup is read as if it stood at this depth, so that no text can exhaust the stack.
DEEPEST = 50


@dataclass
class Element:
    """An element; its children are elements and text. The root of a tree has no tag."""

    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def elements(self) -> Iterator["Element"]:
        """Yield every element below this one, in the order of the text."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.elements()

    def text(self) -> str:
        """Return the text below this element, as it stands."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def markup(self) -> str:
        """Return the children as HTML."""
        return "".join(
            escape(child, quote=False) if isinstance(child, str) else child.outer_markup()
            for child in self.children
        )

    def outer_markup(self) -> str:
        """Return the element itself as HTML."""
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        if self.tag in VOID_TAGS:
            return f"<{self.tag}{attributes}>"
        return f"<{self.tag}{attributes}>{self.markup()}</{self.tag}>"


def parse(html: str) -> Element:
    """Read HTML into a tree and return its root."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open_elements[0]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open_elements = [Element()]

    def handle_starttag(self, tag, attrs):
        parent = self.open_elements[-1]
        element = Element(tag, {name: value or "" for name, value in attrs})
        if tag in VOID_TAGS:
            parent.children.append(element)
            return
        if len(self.open_elements) > DEEPEST:
            # Never attached: what it holds goes straight to its parent.
            element.children = parent.children
        else:
            parent.children.append(element)
        self.open_elements.append(element)

    def handle_endtag(self, tag):
        for depth in range(len(self.open_elements) - 1, 0, -1):
            if self.open_elements[depth].tag == tag:
                del self.open_elements[depth:]
                return

    def handle_data(self, data):
        self.open_elements[-1].children.append(data)
