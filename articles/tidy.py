"""The structure that articles are kept in: blocks that hold text, and no block inside a paragraph.

Works on the tree that nh3 leaves. What does not fit is moved out or unwrapped; its words stay.
"""

import re
from itertools import groupby, takewhile

from articles.tree import VOID_TAGS, Element
from clinic.text import one_line, visible

Node = Element | str

HEADINGS = ("h2", "h3", "h4")
LISTS = ("ul", "ol")
INLINE = {"strong", "em", "a", "sub", "sup", *VOID_TAGS}
BLOCKS = {*HEADINGS, *LISTS, "p", "blockquote", "table", "figure", "care-card"}
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "tfoot": "tbody"}

# What each of these holds, the first being what anything else in it is wrapped in.
HOLDS = {
    "ul": ("li",),
    "ol": ("li",),
    "table": ("tbody", "thead", "caption"),
    "thead": ("tr",),
    "tbody": ("tr",),
    "tr": ("td", "th"),
}
CELLS = HOLDS["tr"]
IN_A_FIGURE = ("img", "table", "figcaption")

LINK = re.compile(r"#.|/(?![/\\])|https?://.|mailto:.|tel:.", re.IGNORECASE)
# A browser takes such an address for a page of ours.
WITHOUT_SCHEME = re.compile(r"www\.\w", re.IGNORECASE)
# Longer numbers are no ids, and SQLite refuses to compare with them.
PICTURE_ID = re.compile(r"[0-9]{1,18}")
OWN_PICTURE = re.compile(r"/media/[\w./-]+")
CARD_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SCOPES = {"row", "col", "colgroup"}


def tidy(root: Element) -> Element:
    """Return the tree in the structure that articles are kept in."""
    return Element(children=_blocks(_tidied(root.children)))


def _tidied(children: list[Node]) -> list[Node]:
    nodes = []
    for child in children:
        nodes += [child] if isinstance(child, str) else _tidied_element(child)
    return _with_text_joined(nodes)


def _tidied_element(element: Element) -> list[Node]:
    """Return what takes the place of an element: itself in order, its content, or nothing."""
    tag, attributes = RENAMED.get(element.tag, element.tag), element.attributes
    children = _tidied(element.children)
    if tag in INLINE:
        return _inline(tag, attributes, children)
    if tag == "care-card":
        card = attributes.get("data-card", "")
        # Its words come from the card library; what a slip of markup put into it goes behind it.
        return [
            *([Element(tag, {"data-card": card})] if CARD_SLUG.fullmatch(card) else []),
            *_blocks(children),
        ]
    if tag == "figure":
        return _figure(children)
    if tag == "p" or tag in HEADINGS:
        return _blocks(children, wrapper=tag)
    return _container(tag, attributes, children)


def _inline(tag: str, attributes: dict[str, str], children: list[Node]) -> list[Node]:
    if tag == "br":
        return [Element("br")]
    if tag == "img":
        return _picture(attributes)
    if not _says_something(children) or not all(map(_is_inline, children)):
        return children
    if tag == "a":
        href = one_line(attributes.get("href", ""))
        href = f"https://{href}" if WITHOUT_SCHEME.match(href) else href
        return [Element("a", {"href": href}, children)] if LINK.match(href) else children
    return [Element(tag, {}, children)]


def _picture(attributes: dict[str, str]) -> list[Node]:
    """Keep a picture of the library only: it is known by its id; its address is for the editor."""
    if not PICTURE_ID.fullmatch(attributes.get("data-picture", "")):
        return []
    kept = {"data-picture": str(int(attributes["data-picture"]))}
    if "alt" in attributes:
        kept["alt"] = one_line(attributes["alt"])
    if OWN_PICTURE.fullmatch(attributes.get("src", "")):
        kept["src"] = attributes["src"]
    return [Element("img", kept)]


def _figure(children: list[Node]) -> list[Node]:
    nodes = [part for node in children for part in (node.children if _tag(node) == "p" else [node])]
    kept = [node for node in nodes if _tag(node) in IN_A_FIGURE]
    if not any(_tag(node) in ("img", "table") for node in kept):
        return _blocks(children)
    return [Element("figure", {}, kept), *_blocks([node for node in nodes if node not in kept])]


def _container(tag: str, attributes: dict[str, str], children: list[Node]) -> list[Node]:
    if tag in HOLDS:
        held = _held(tag, children)
        held = _with_headers(held) if tag == "table" else held
        return [Element(tag, {}, held)] if held else []
    if tag in CELLS:
        scope = attributes.get("scope") if tag == "th" else None
        return [Element(tag, {"scope": scope} if scope in SCOPES else {}, _flow(children))]
    if tag in ("li", "caption", "figcaption"):
        return [Element(tag, {}, _flow(children))] if _says_something(children) else []
    blocks = _blocks(children)
    return [Element(tag, {}, blocks)] if tag == "blockquote" and blocks else blocks


def _with_headers(parts: list[Node]) -> list[Node]:
    """Put the rows of headers that begin a table into a head, and say what each header is for.

    Editors and word processors leave them in the body, where screen readers have to guess.
    """
    bodies = [part for part in parts if part.tag == "tbody"]
    if bodies and not any(part.tag == "thead" for part in parts):
        rows = bodies[0].children
        head = list(takewhile(_is_header, rows))
        if head and head != rows:
            bodies[0].children = rows[len(head) :]
            place = parts.index(bodies[0])
            parts = [*parts[:place], Element("thead", {}, head), *parts[place:]]
    for part in parts:
        scope = "col" if part.tag == "thead" else "row"
        for cell in part.elements() if part.tag in ("thead", "tbody") else ():
            if cell.tag == "th":
                cell.attributes.setdefault("scope", scope)
    return parts


def _is_header(row: Element) -> bool:
    has_header = any(cell.tag == "th" for cell in row.children)
    return has_header and all(cell.tag == "th" or not _says_something(cell.children) for cell in row.children)


def _held(tag: str, children: list[Node]) -> list[Node]:
    """Return the children that may stand in a list, table or row, with strays wrapped."""
    held = []
    for fits, group in groupby(children, key=lambda node: _tag(node) in HOLDS[tag]):
        nodes = list(group)
        if fits:
            held += nodes
        elif _says_something(nodes) and tag in LISTS and held:
            # Word processors put a nested list beside its item, not into it.
            held[-1].children = _flow([*held[-1].children, *nodes])
        elif _says_something(nodes):
            held += _container(HOLDS[tag][0], {}, nodes)
    return held


def _blocks(nodes: list[Node], wrapper: str = "p") -> list[Node]:
    """Return the nodes as blocks: runs of text wrapped, strays unwrapped, empty paragraphs left out."""
    blocks = []
    for is_inline, group in groupby(nodes, key=_is_inline):
        run = list(group)
        if is_inline and _says_something(run):
            blocks.append(Element(wrapper, {}, _trimmed(run)))
        elif not is_inline:
            for node in run:
                if node.tag == "p":
                    blocks.append(Element(wrapper, {}, node.children))
                else:
                    blocks += [node] if node.tag in BLOCKS else _blocks(node.children)
    return blocks


def _flow(nodes: list[Node]) -> list[Node]:
    """Return the content of a list item, cell or caption: either text or several blocks."""
    if all(map(_is_inline, nodes)):
        return _trimmed(nodes)
    blocks = _blocks(nodes)
    return blocks[0].children if len(blocks) == 1 and blocks[0].tag == "p" else blocks


def _trimmed(nodes: list[Node]) -> list[Node]:
    """Drop blanks and line breaks at both ends."""
    nodes = list(nodes)
    while nodes and _is_blank(nodes[0]):
        del nodes[0]
    while nodes and _is_blank(nodes[-1]):
        del nodes[-1]
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip()
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip()
    return nodes


def _with_text_joined(nodes: list[Node]) -> list[Node]:
    """Join neighbouring texts, drop characters that nobody sees, and make every run of blanks one."""
    joined = []
    for is_text, group in groupby(nodes, key=lambda node: isinstance(node, str)):
        if is_text:
            text = re.sub(" +", " ", visible(re.sub(r"\s+", " ", "".join(group))))
            joined += [text] if text else []
        else:
            joined += group
    return joined


def _says_something(nodes: list[Node]) -> bool:
    return not all(map(_is_blank, nodes))


def _is_blank(node: Node) -> bool:
    return node.isspace() if isinstance(node, str) else node.tag == "br"


def _is_inline(node: Node) -> bool:
    return isinstance(node, str) or node.tag in INLINE


def _tag(node: Node) -> str:
    return "" if isinstance(node, str) else node.tag
