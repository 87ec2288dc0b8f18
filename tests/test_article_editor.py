"""The article editor in a real browser: under our policy, with names for everybody, and losing nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles import cards, writing
from articles.models import CareCard
from tests import builders
from tests.test_staff_pages_in_a_browser import WATCH, complaints

pytestmark = pytest.mark.django_db(transaction=True)

TEXT_BOX = ".ProseMirror[contenteditable=true]"
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


@pytest.fixture
def heel_card():
    card = CareCard.objects.create(slug="heel", name="Emergency signs at the heel", level="emergency")
    wording = {"introduction": "", "bullets": "a hot, red heel", "safety_net": ""}
    version = cards.reword(card, **wording, by=builders.user("Manager"), reason="New")
    cards.approve(version, by=builders.clinician().user)
    return card


@pytest.fixture
def editor(page, live_server):
    """Sign an editor in; return the page."""
    person = builders.user("Editor", name="Nils Berger")
    page.add_init_script(WATCH)
    page.set_default_timeout(10_000)
    page.goto(live_server.url + reverse("admin:login"))
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


@pytest.fixture
def open_page(editor, live_server):
    """Return a function that opens a staff page of an article, or of anything else, as the editor."""

    def go(name, *arguments):
        editor.goto(live_server.url + reverse(f"admin:articles_{name}", args=arguments))
        editor.wait_for_load_state("networkidle")
        return editor

    return go


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Readers don't see it before it is published.")).to_be_visible()


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

    expect(page.locator(TEXT_BOX)).to_have_accessible_name("Text (optional)")
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

    page.locator(TEXT_BOX).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" More")
    page.keyboard.press("Enter")
    page.keyboard.type("## What helps")
    page.keyboard.press("Enter")
    page.keyboard.type("- Rest")
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


def test_a_preview_shows_what_was_typed_on_the_public_page(open_page):
    article = builders.article(title="Sore heel")
    page = open_page("article_change", article.pk)

    page.get_by_label("Title").first.fill("Heel pain")
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Heel pain")
    expect(page.get_by_text("You see the unsaved text as readers would.")).to_be_visible()
    page.get_by_role("link", name="Back to its staff page").click()
    expect(page.get_by_label("Title").first).to_have_value("Heel pain")


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
    expect(page.get_by_text("Readers don't see it before it is published.")).to_be_visible()

    article.refresh_from_db()
    assert (problems, article.latest.title, article.latest.number) == ([], "By Nils", 3)
