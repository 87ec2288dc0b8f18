"""The article editor in a real browser: under our policy, with names for everybody, and losing nothing."""

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from articles import cards, writing
from articles.models import CareCard
from clinic.models import Picture
from tests import builders
from tests.editor_page import TEXT_BOX, type_at_the_end
from tests.test_staff_pages_in_a_browser import complaints

pytestmark = pytest.mark.django_db(transaction=True)

RICH = (
    "<h2>What helps</h2><p>Walk <strong>less</strong> and see "
    '<a href="/articles/">more articles</a>.</p>'
    "<h3>Every day</h3><h4>Mornings</h4>"
    "<ul><li>Soft shoes</li><li><p>Cold</p><ol><li>ten minutes</li></ol></li></ul>"
    "<blockquote><p>It settles.</p></blockquote>"
    "<table><caption>How long</caption>"
    '<thead><tr><th scope="col">Who</th><th scope="col">Weeks</th></tr></thead>'
    '<tbody><tr><th scope="row">Most</th><td>12</td></tr></tbody></table>'
    '<care-card data-card="heel"></care-card>'
    '<figure><img data-picture="7" alt="A foot" src="/media/pictures/foot.png">'
    "<figcaption>A foot at rest</figcaption></figure>"
    "<p>The end</p>"
)

# A file dragged from the desktop onto the last line, at a share of its height.
DROP = """([data, type, share = 0.9]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], "square", { type }));
  const line = [...document.querySelectorAll(".ProseMirror[contenteditable=true] p")].at(-1);
  line.scrollIntoView({ block: "center" });
  const { left, top, height } = line.getBoundingClientRect();
  const place = { clientX: left + 15, clientY: top + height * share };
  line.dispatchEvent(new DragEvent("drop", { dataTransfer, ...place, bubbles: true, cancelable: true }));
}"""


def _png():
    file = io.BytesIO()
    Image.new("RGB", (80, 50), "teal").save(file, "PNG")
    return file.getvalue()


PNG = _png()


@pytest.fixture
def heel_card():
    card = CareCard.objects.create(slug="heel", name="Emergency signs at the heel", level="emergency")
    wording = {"introduction": "", "bullets": "a hot, red heel", "safety_net": ""}
    version = cards.reword(card, **wording, by=builders.user("Manager"), reason="New")
    cards.approve(version, by=builders.clinician().user)
    return card


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Readers don’t see it before it is published.")).to_be_visible()


@pytest.mark.faults
def test_no_page_of_the_desk_breaks_the_policy_or_shuts_anybody_out(open_page, heel_card):
    article = builders.published_article(body=RICH)
    draft = builders.article()

    found = {
        address: complaints(open_page(*address))
        for address in [
            ("article_changelist",),
            ("article_add",),
            ("article_change", article.pk),
            ("article_change", draft.pk),
            ("article_preview", article.pk),
            ("article_revision", article.pk, 1),
            ("carecard_changelist",),
            ("carecard_change", heel_card.pk),
            ("topic_changelist",),
            ("topic_add",),
        ]
    }

    assert {address: problems for address, problems in found.items() if problems} == {}


def test_the_text_box_has_the_name_of_its_field(open_page):
    page = open_page("article_change", builders.article().pk)

    expect(page.locator(TEXT_BOX)).to_have_accessible_name("Text")
    expect(page.locator(TEXT_BOX)).to_have_role("textbox")


def test_one_typed_word_changes_nothing_else_of_a_text(open_page, heel_card):
    article = builders.article(body=RICH)
    page = open_page("article_change", article.pk)

    page.locator(TEXT_BOX).get_by_text("The end").click()
    page.keyboard.press("End")
    page.keyboard.type(" indeed")
    save(page)

    article.refresh_from_db()
    assert article.latest.body == RICH.replace("The end", "The end indeed")


def test_a_text_typed_in_the_editor_is_kept_as_typed(open_page):
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)

    type_at_the_end(page, " More", "## What helps", "- Rest")
    save(page)

    article.refresh_from_db()
    assert article.latest.body == "<p>Start. More</p><h2>What helps</h2><ul><li>Rest</li></ul>"


def test_an_author_inserts_a_care_card_of_the_library(open_page, heel_card):
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)

    page.locator(TEXT_BOX).click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Insert a care card").click()
    page.get_by_label("Care card", exact=True).select_option("Emergency signs at the heel")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.get_by_text("Care card: Emergency signs at the heel")).to_be_visible()
    save(page)

    article.refresh_from_db()
    assert article.latest.body == '<p>Start.</p><care-card data-card="heel"></care-card>'


@pytest.mark.parametrize("tool", ["Insert a care card", "Insert a table"])
def test_what_is_inserted_in_the_middle_of_a_line_stands_below_it(open_page, heel_card, tool):
    page = open_page("article_change", builders.article(body="<p>Start here.</p><p>End.</p>").pk)

    page.locator(TEXT_BOX).get_by_text("Start here.").click(position={"x": 30, "y": 10})
    # The editor learns of the caret a moment after the browser has moved it.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.get_by_role("button", name=tool).click()
    page.get_by_role("button", name="Insert", exact=True).click()

    blocks = page.locator(f"{TEXT_BOX} > *")
    expect(blocks).to_have_count(3)
    expect(blocks.first).to_have_text("Start here.")
    expect(blocks.last).to_have_text("End.")


def test_an_author_inserts_a_described_picture_and_changes_its_description(open_page):
    foot = builders.picture("Foot", alt="A foot.")
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)

    type_at_the_end(page, "")
    page.get_by_role("button", name="Insert a picture").click()
    at_the_library = complaints(page)
    page.get_by_role("button", name="Foot").click()
    at_the_description = complaints(page)
    page.get_by_label("Caption under the picture").fill("At rest")
    page.get_by_role("button", name="Insert", exact=True).click()
    page.get_by_text("Described as: A foot.").locator("..").get_by_role("button", name="Change").click()
    page.get_by_label("It only decorates").check()
    page.get_by_role("button", name="Change", exact=True).last.click()
    expect(page.get_by_text("Decoration")).to_be_visible()
    save(page)

    article.refresh_from_db()
    assert at_the_library + at_the_description == []
    assert article.latest.body == (
        f'<p>Start.</p><figure><img data-picture="{foot.pk}" alt="" src="{foot.url}">'
        "<figcaption>At rest</figcaption></figure>"
    )


def test_the_lead_picture_is_chosen_by_its_looks(open_page):
    foot = builders.picture("Foot")
    article = builders.article()
    page = open_page("article_change", article.pk)

    page.get_by_role("button", name="Choose from the library").click()
    page.get_by_role("button", name="Foot").click()
    save(page)

    article.refresh_from_db()
    assert article.latest.lead_picture == foot


def test_I3_an_author_uploads_a_picture_by_dropping_it_on_the_text(open_page):
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)

    page.evaluate(DROP, [base64.b64encode(b"no picture").decode(), "image/heic"])
    expect(page.get_by_role("alert")).to_have_text(re.compile("JPEG, PNG or WebP"))
    page.get_by_role("button", name="Cancel").click()
    page.evaluate(DROP, [base64.b64encode(PNG).decode(), "image/png"])
    page.get_by_label("It tells something: describe it").check()
    page.get_by_role("textbox", name="Description", exact=True).fill("A teal square.")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.get_by_text("Described as: A teal square.")).to_be_visible()
    save(page)

    article.refresh_from_db()
    picture = Picture.objects.get()
    figure = f'<figure><img data-picture="{picture.pk}" alt="A teal square." src="{picture.url}"></figure>'
    assert article.latest.body == f"<p>Start.</p>{figure}"


@pytest.mark.parametrize(
    ("share", "order"),
    [(0.2, "<p>Start.</p>{}<p>Under it.End.</p>"), (0.8, "<p>Start.</p><p>End.</p>{}<p>Under it.</p>")],
)
def test_a_dropped_picture_stands_at_the_nearer_edge_and_tears_no_line(open_page, share, order):
    article = builders.article(body="<p>Start.</p><p>End.</p>")
    page = open_page("article_change", article.pk)

    page.evaluate(DROP, [base64.b64encode(PNG).decode(), "image/png", share])
    page.get_by_label("It only decorates").check()
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.get_by_text("Decoration")).to_be_visible()
    expect(page.locator(TEXT_BOX)).to_be_focused()
    page.keyboard.type("Under it.")
    save(page)

    article.refresh_from_db()
    picture = Picture.objects.get()
    figure = f'<figure><img data-picture="{picture.pk}" alt="" src="{picture.url}"></figure>'
    assert article.latest.body == order.format(figure)


def test_links_lead_to_our_pages_by_name_and_to_other_sites_by_address(open_page):
    other = builders.published_article(title="Stiff neck", slug="stiff-neck")
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)

    type_at_the_end(page, " ")
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_label("Find one of our pages").fill("neck")
    page.get_by_role("button", name="Stiff neck").click()
    problems = complaints(page)
    page.get_by_role("button", name="Insert", exact=True).click()
    page.keyboard.type(" and ")
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Address", exact=True).fill("www.guideline.example/neck")
    page.get_by_label("Words of the link").fill("the guideline")
    page.get_by_role("button", name="Insert", exact=True).click()
    save(page)

    article.refresh_from_db()
    assert problems == []
    assert article.latest.body == (
        f'<p>Start. <a href="{other.get_absolute_url()}">Stiff neck</a> and '
        '<a href="https://www.guideline.example/neck">the guideline</a></p>'
    )


def test_a_new_table_has_a_row_of_headings_A9(open_page):
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)

    type_at_the_end(page, "")
    page.get_by_role("button", name="Insert a table").click()
    page.get_by_label("Rows").fill("2")
    page.get_by_label("Columns").fill("2")
    page.get_by_role("button", name="Insert", exact=True).click()
    for cell in ("Who", "Weeks", "Most", "12"):
        page.keyboard.type(cell)
        page.keyboard.press("Tab" if cell != "12" else "Home")
    page.get_by_role("button", name="Caption of the table").click()
    page.get_by_label("Caption", exact=True).fill("How long")
    page.get_by_role("button", name="Change", exact=True).click()
    problems = complaints(page)
    save(page)

    article.refresh_from_db()
    assert problems == []
    assert article.latest.body == (
        "<p>Start.</p><table><caption>How long</caption>"
        '<thead><tr><th scope="col">Who</th><th scope="col">Weeks</th></tr></thead>'
        "<tbody><tr><td>Most</td><td>12</td></tr></tbody></table>"
    )


def test_who_saves_second_loses_nothing_A18(open_page):
    article = builders.article(body="<p>Start.</p>")
    page = open_page("article_change", article.pk)
    other = builders.user("Editor", name="Ada Cole")
    hers = {name: getattr(article.latest, name) for name in writing.FIELDS} | {"title": "By Ada"}
    topics = article.latest.topics.all()
    writing.keep(article, hers, topics=topics, by=other, based_on=article.latest)

    page.get_by_label("Title").first.fill("By Nils")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing you typed is lost")).to_be_visible()
    problems = complaints(page)
    page.get_by_role("button", name="Save my text on top").click()
    expect(page.get_by_text("Readers don’t see it before it is published.")).to_be_visible()

    article.refresh_from_db()
    assert (problems, article.latest.title, article.latest.number) == ([], "By Nils", 3)
