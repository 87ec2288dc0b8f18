"""Every visible text of the product: what is marked for translation, and the care cards that we ship."""

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation import trim_whitespace

from articles import reading

ROOT = Path(__file__).parent.parent
APPS = ("clinic", "staff", "articles", "appointments")
# What the demo clinic says about itself is content, as what a real clinic writes is.
DEMO = ROOT / "clinic/site/demo"
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
MARKED = re.compile(r"""(?:^(?:translate|trans)\s+|\b_\()(["'])(.+?)\1""")
MARKED_IN_SCRIPTS = re.compile(r"""\bn?gettext\(\s*(["'])(.+?)\1(?:,\s*(["'])(.+?)\3)?""")
PLACEHOLDER = re.compile(r"%\([^)]+\)[.\d]*[sdf]|%[sd]|\{\{.+?\}\}|\{\w*\}")
MARKUP = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Words:
    """A visible text and where it stands, as a path from the root of the project."""

    place: str
    text: str

    @property
    def plain(self):
        """Return the text without markup, with a word for every placeholder."""
        return PLACEHOLDER.sub("it", MARKUP.sub("", self.text)).replace("%%", "%")

    @property
    def sentences(self):
        return reading.longest_sentences(self.plain, len(self.plain))


def length(sentence):
    """Count the words of a sentence, numbers and units among them."""
    return sum(any(letter.isalnum() for letter in word) for word in sentence.split())


@cache
def everywhere():
    """Return every visible text of the product."""
    sources = {"*.py": in_python, "*.html": in_template, "*.txt": in_template, "*.js": in_script}
    return [
        Words(path.relative_to(ROOT).as_posix(), text)
        for app in (*APPS, "templates")
        for pattern, texts in sources.items()
        for path in sorted((ROOT / app).rglob(pattern))
        if path.parent.name != "migrations" and DEMO not in path.parents
        for text in texts(path.read_text())
    ] + [Words("articles/shipped_cards.toml", line) for card in cards() for line in card]


@cache
def cards():
    """Return the lines of every care card that we ship."""
    shipped = tomllib.loads((ROOT / "articles/shipped_cards.toml").read_text())["cards"]
    return [[card["name"], card["intro"], *card["bullets"], card["safety_net"]] for card in shipped]


def in_python(source):
    """Yield the texts handed to gettext and its like."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in GETTEXT:
            yield from (part.value for part in node.args[:2] if isinstance(getattr(part, "value", None), str))


def in_script(source):
    """Yield the texts handed to gettext in JavaScript."""
    for match in MARKED_IN_SCRIPTS.finditer(source):
        yield from filter(None, (match[2], match[4]))


def in_template(source):
    """Yield the texts that a template translates, with placeholders as gettext sees them."""
    block, trimmed = None, False
    for token in Lexer(source).tokenize():
        tag = token.contents.split()[0] if token.token_type is TokenType.BLOCK else ""
        if tag in ("endblocktranslate", "plural"):
            text = "".join(block)
            yield trim_whitespace(text) if trimmed else text.strip()
            block = [] if tag == "plural" else None
        elif block is not None:
            block.append(f"%({token.contents})s" if token.token_type is TokenType.VAR else token.contents)
        elif token.token_type is not TokenType.TEXT:
            yield from (match[2] for match in MARKED.finditer(token.contents))
            if tag == "blocktranslate":
                block, trimmed = [], "trimmed" in token.contents
