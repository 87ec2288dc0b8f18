"""Take the marks of plugins and page builders out of a text: [shortcodes] and the block editor's comments.

What they enclose stays. Words in square brackets are words unless something says otherwise: "[1]" and
"[sic]" stay as well.
"""

import re
from collections.abc import Callable
from html import escape, unescape

# The block editor's own blocks, which hold what their markup says and no more.
PLAIN_BLOCKS = set(
    """audio button buttons code column columns cover details embed file freeform gallery group heading
    html image list list-item media-text more nextpage paragraph preformatted pullquote quote row
    separator shortcode spacer stack table verse video""".split()
)
# One that is never closed hides the rest, as in browsers.
COMMENT = re.compile(r"<!--(?:\s*wp:(?P<block>[a-z][\w/-]*))?.*?(?:-->|\Z)", re.DOTALL)

VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s"'\[\]]+)"""
SHORTCODE = re.compile(
    r"\[(?P<end>/)?(?P<name>[A-Za-z][\w-]*)"
    rf"(?P<attributes>(?:\s+(?:[\w:-]+={VALUE}|[\w-]+))*)\s*(?P<alone>/)?\](?!\])"
)
ATTRIBUTE = re.compile(rf"([\w:-]+)=({VALUE})")
CURLY = re.compile(
    r"(?<==)(?:&#822[01];|&#8243;|&quot;|[“”″])([^\[\]“”″&]*)(?:&#822[01];|&#8243;|&quot;|[“”″])"
)
# [[gallery]] is how people write about a shortcode.
QUOTED = re.compile(r"\[(\[[^\[\]]+\])\]")
# Two in a row are parts of the page, such as tabs or buttons.
SIDE_BY_SIDE = re.compile(r"(\[/[\w-]+\])\s*(?=\[[A-Za-z])")

CAPTION = re.compile(r"\[((?:wp_)?caption)\b([^\]]*)\](.*?)\[/\1\]", re.DOTALL)
PICTURE = re.compile(r"""(?:<a\b[^>]*>\s*)?<img\b(?:[^>"']|"[^"]*"|'[^']*')*>(?:\s*</a>)?""")
# What these enclose is code.
CODED = re.compile(r"\[(vc_raw_html|vc_raw_js|et_pb_code)\b[^\]]*\].*?\[/\1\]", re.DOTALL)

WORDPRESS = {"audio", "embed", "gallery", "playlist", "video"}
BUILDERS = ("et_pb_", "vc_", "fusion_", "av_", "fl_", "cs_", "elementor")
# The words that builders keep in attributes, and what these are on the page.
SPOKEN = {"title": "h3", "heading": "h3", "question": "h3", "text": "p", "answer": "p", "button_text": "p"}


def without_comments(text: str) -> tuple[str, list[str]]:
    """Return a text without HTML comments, and the names of the blocks that held more than their markup."""
    names = [match["block"] for match in COMMENT.finditer(text) if match["block"]]
    listed = [f"wp:{name}" for name in dict.fromkeys(names) if name not in PLAIN_BLOCKS]
    return COMMENT.sub("", text), listed


def without_shortcodes(text: str, gallery: Callable[[list[str]], str]) -> tuple[str, list[str]]:
    """Return a text without shortcodes, and the names of those it had.

    Captions become figures; `gallery` returns the markup for the numbers of a [gallery].
    """
    names: list[str] = []

    def replaced(match):
        if not _is_shortcode(match, closed):
            return match[0]
        name, is_builder = match["name"], match["name"].startswith(BUILDERS)
        attributes = _attributes(match["attributes"])
        gap = "\n\n" if is_builder else ""
        if match["end"]:
            return gap
        names.append(name)
        if name == "gallery":
            return gallery(re.findall(r"\d+", attributes.get("ids", attributes.get("include", ""))))
        return gap + (_spoken(name, attributes) if is_builder or name in closed else "")

    def left_out(match):
        names.append(match[1])
        return "\n\n"

    text = CODED.sub(left_out, CURLY.sub(r'"\1"', text))
    text = SIDE_BY_SIDE.sub(r"\1" + "\n\n", CAPTION.sub(_figure, text))
    closed = {match["name"] for match in SHORTCODE.finditer(text) if match["end"]}
    text = QUOTED.sub(r"\1", SHORTCODE.sub(replaced, text))
    return text, list(dict.fromkeys(names))


def _is_shortcode(match, closed):
    name, around = match["name"], match.string
    if around[: match.start()].endswith("["):
        return False
    if match["end"] or match["alone"] or "=" in match["attributes"] or name in closed | WORDPRESS:
        return True
    before = around[: match.start()].rpartition("\n")[2]
    after = around[match.end() :].partition("\n")[0]
    is_a_line = name.islower() and not re.sub(r"</?p>", "", before + after).strip()
    return "_" in name or (is_a_line and not match["attributes"])


def _attributes(text):
    return {name: unescape(value.strip("\"'")) for name, value in ATTRIBUTE.findall(text)}


def _spoken(name, attributes):
    tags = {**SPOKEN, "text": "h3"} if "heading" in name else SPOKEN
    spoken = ((tag, escape(attributes[key])) for key, tag in tags.items() if attributes.get(key))
    return "".join(f"<{tag}>{text}</{tag}>\n\n" for tag, text in spoken)


def _figure(match):
    picture = PICTURE.search(match[3])
    if picture is None:
        return match[3]
    rest = match[3][: picture.start()] + match[3][picture.end() :]
    caption = rest.strip() or escape(_attributes(match[2]).get("caption", ""))
    return f"<figure>{picture[0]}<figcaption>{caption}</figcaption></figure>"
