"""A1: of what people paste from word processors, structure and words are kept, and nothing else."""

import json
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles import html
from articles.tree import parse
from tests import builders
from tests.editor_page import TEXT_BOX, type_at_the_end

CORPUS = Path(__file__).parent / "corpus" / "paste"
GOLDEN = json.loads((CORPUS / "golden.json").read_text())
COUNTED = {*("h2", "h3", "h4", "ul", "ol", "li", "a", "table", "tr", "blockquote")}

# As a browser does when somebody presses Ctrl+V.
PASTE = """(html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  document.querySelector(".ProseMirror[contenteditable=true]").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def counts(body):
    tags = Counter(element.tag for element in parse(body).elements() if element.tag in COUNTED)
    return {**tags, "words": html.words(body)}


def test_the_corpus_is_whole():
    assert {file.stem for file in CORPUS.glob("*.html")} == set(GOLDEN)


@pytest.mark.parametrize("name", GOLDEN)
def test_A1_what_reaches_the_server_unprepared_is_cleaned_as_well(name):
    cleaned = html.clean((CORPUS / f"{name}.html").read_text())

    kept = parse(cleaned).elements()
    assert {attribute for element in kept for attribute in element.attributes} <= {"href", "scope"}
    assert {tag: counts(cleaned).get(tag) for tag in ("table", "tr")} == {
        "table": 1,
        "tr": GOLDEN[name]["tr"],
    }


@pytest.mark.django_db(transaction=True)
def test_A1_pasting_keeps_structure_and_words_and_nothing_else(open_page):
    article = builders.article(body="")
    page = open_page("article_change", article.pk)
    box = page.locator(TEXT_BOX)
    pasted = {}

    for name in GOLDEN:
        box.click()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        page.evaluate(PASTE, (CORPUS / f"{name}.html").read_text())
        pasted[name] = page.locator("#id_body").input_value()

    kept = {name: html.clean(body) for name, body in pasted.items()}
    assert {name: counts(body) for name, body in kept.items()} == GOLDEN
    assert {name: counts(body) for name, body in pasted.items()} == GOLDEN
    assert page.evaluate("window.violations") == []


@pytest.mark.django_db(transaction=True)
def test_A1_a_text_pasted_behind_a_paragraph_keeps_its_heading(open_page):
    page = open_page("article_change", builders.article(body="<p>Start.</p>").pk)

    type_at_the_end(page, " Walk.")
    expect(page.locator(TEXT_BOX)).to_have_text("Start. Walk.")
    page.evaluate(PASTE, "<h2>Rest</h2><p>For two days.</p>")

    body = page.locator("#id_body").input_value()
    assert html.clean(body) == "<p>Start. Walk.</p><h2>Rest</h2><p>For two days.</p>"


@pytest.mark.django_db(transaction=True)
def test_a_writer_is_told_that_pasted_pictures_stay_behind(open_page):
    page = open_page("article_change", builders.article().pk)

    page.locator(TEXT_BOX).click()
    page.evaluate(PASTE, (CORPUS / "word.html").read_text())

    expect(
        page.get_by_text("Pictures did not come along. Insert them with the picture button.")
    ).to_be_visible()
