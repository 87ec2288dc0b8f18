"""The importer on real input, compared by counts and hashes: its sentences are not ours to copy."""

import hashlib
import os
from pathlib import Path

import pytest

from articles import html
from articles.importers.parsed import Counts
from articles.importers.text import read

SEED = Path(__file__).parents[2] / "shared" / "seeds" / "dry-needling-for-sciatica.txt"


@pytest.fixture
def content():
    if SEED.exists():
        return SEED.read_bytes()
    if os.environ.get("CI") == "true":
        pytest.fail(f"{SEED.name} must be there in CI.")
    pytest.skip(f"{SEED.name} is not beside this checkout.")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_seed_becomes_an_article_in_full(content):
    article = read(content, SEED.name)

    assert article.kept == Counts(headings=3, paragraphs=4, words=414)
    assert digest(article.title) == "ab3abe1431226259"
    assert digest(article.body_html) == "598cf58abebd84a6"
    assert [(heading.level, digest(heading.text)) for heading in html.outline(article.body_html)] == [
        (2, "572ab3dd38a02b7a"),
        (2, "0f8138d0b22b0ba8"),
        (2, "bbede26e4265ef56"),
    ]


def test_the_endings_of_the_seed_are_told_apart(content):
    article = read(content, SEED.name)

    assert digest(article.call_to_action) == "5709011db29b6c63"
    assert (article.biography.name, digest(article.biography.text)) == ("Rachel", "b18ea9f9fbe0e4cd")
    assert article.doubts == ["The biography names “Rachel” without a surname."]


def test_the_signs_of_danger_in_the_seed_name_the_emergency_card(content):
    assert read(content, SEED.name).cards == ["back-and-leg-emergency"]


def test_no_word_of_the_seed_is_lost(content):
    article = read(content, SEED.name)

    parts = [
        article.title,
        html.plain_text(article.body_html),
        article.call_to_action,
        article.biography.text,
    ]
    assert " ".join(parts).split() == content.decode().split()
