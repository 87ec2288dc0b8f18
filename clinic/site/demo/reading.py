"""Read the demo clinic's texts: TOML between lines of +++, then HTML."""

import tomllib
from pathlib import Path

import articles

CONTENT = Path(__file__).parent / "content"


def table(name):
    """Return the rows of a TOML file such as topics.toml."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text())[name]


def texts(folder):
    """Return (facts, html) of each text in a folder, by file name."""
    return [_text(path) for path in sorted((CONTENT / folder).glob("*.html"))]


def _text(path):
    _empty, facts, html = path.read_text().split("+++\n", 2)
    return tomllib.loads(facts), html


def required_cards():
    """Return which topics require which of the care cards that ship with the product."""
    cards = tomllib.loads((Path(articles.__file__).parent / "shipped_cards.toml").read_text())["cards"]
    return {card["slug"]: card["topics"] for card in cards}
