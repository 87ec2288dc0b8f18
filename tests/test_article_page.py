"""The page of an article: what it shows, what it hides, what it costs."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.utils.html import strip_tags
from django.utils.http import urlencode

from articles import cards, publishing, writing
from articles.models import CareCard
from clinic import facts
from clinic.models import Picture
from tests import builders

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
EMERGENCY = "Call 911 or go to the emergency room now if:"


def page_of(client, article):
    return client.get(article.get_absolute_url()).content.decode()


def words(html):
    return " ".join(strip_tags(html).split())


def care_cards(html):
    """The levels of the care cards of a page, in order."""
    return re.findall(r'class="care-card care-card-(\w+)"', html)


def check_strips(html):
    return re.findall(r'class="check check-(\w+)"', html)


@pytest.fixture
def back_cards():
    """The shipped cards of the topic that needs most of them."""
    return CareCard.objects.filter(slug__in=["back-and-leg-emergency", "back-and-leg-urgent"])


def test_a_published_article_shows_what_its_authors_wrote(client):
    topic = builders.topic("Foot and ankle")
    article = builders.published_article(
        slug="sore-heel", main_topic=topic, description="What eases a sore heel."
    )

    html = page_of(client, article)

    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Sore heel"]
    assert '<p class="lead">A sore heel often eases within months.</p>' in html
    assert '<h2 id="what-helps">What helps</h2><p>Stretching and patience.</p>' in html
    assert f'<a href="{topic.get_absolute_url()}">Foot and ankle</a>' in html
    assert '<a href="https://guideline.example/heel" rel="noopener noreferrer">' in html
    assert '<meta name="description" content="What eases a sore heel.">' in html
    assert '<link rel="canonical" href="http://localhost/articles/sore-heel/">' in html
    assert words(html).count("General information, not advice for you.") == 1


def test_without_a_description_search_engines_get_the_lead(client):
    html = page_of(client, builders.published_article())

    assert '<meta name="description" content="A sore heel often eases within months.">' in html


def test_a_draft_has_no_page(client):
    assert client.get(builders.article().get_absolute_url()).status_code == 404


def test_an_archived_article_is_gone_and_so_is_one_taken_out_of_the_archive(client):
    article = builders.published_article()
    found = client.get(article.get_absolute_url())

    publishing.archive(article, by=article.created_by)
    archived = client.get(article.get_absolute_url())
    publishing.restore(article, by=article.created_by)
    restored = client.get(article.get_absolute_url())

    assert [page.status_code for page in (found, archived, restored)] == [200, 410, 410]


def test_readers_keep_the_live_text_while_a_new_one_is_written(client):
    article = builders.published_article(body="<p>The text that was signed.</p>")
    new_text = {name: getattr(article.live, name) for name in writing.FIELDS} | {
        "body": "<p>A new draft.</p>"
    }
    writing.keep(article, new_text, topics=[], by=article.created_by, based_on=article.latest)

    html = page_of(client, article)

    assert "The text that was signed." in html
    assert "A new draft." not in html


def test_an_unknown_article_is_not_found(client):
    assert client.get("/articles/no-such-thing/").status_code == 404


def test_title_author_and_source_are_text(client):
    article = builders.published_article(
        title=f"Heel {HOSTILE}",
        summary=HOSTILE,
        description=HOSTILE,
        call_to_action=HOSTILE,
        author=builders.therapist(HOSTILE),
        main_topic=builders.topic(HOSTILE),
        sources=[{"title": HOSTILE, "url": "javascript:alert(1)", "publisher": HOSTILE, "year": 2020}],
    )

    html = page_of(client, article)

    assert "<h1>Heel &lt;script&gt;alert(1)&lt;/script&gt;</h1>" in html
    assert "<li>\n          &lt;script&gt;alert(1)&lt;/script&gt;, &lt;script&gt;" in html
    assert "<script>" not in html
    assert "javascript:" not in html


def test_html_that_came_into_the_table_some_other_way_is_cleaned_on_the_way_out(client):
    article = builders.published_article(slug="heel")
    # The database protects the text, not the HTML made from it.
    article.revisions.update(html=f'<p onclick="x()">Kept{HOSTILE}</p><iframe src="/"></iframe>')

    html = page_of(client, article)

    assert '<div class="prose"><p>Kept</p></div>' in " ".join(html.split()).replace("> <", "><")


def test_links_out_tell_nothing_and_pictures_have_their_sizes(client):
    picture = builders.picture(alt="A heel.")
    article = builders.published_article(
        body=(
            '<p><a href="https://guideline.example/">Guideline on heels</a></p>'
            f'<figure><img data-picture="{picture.pk}" alt="A heel.">'
            "<figcaption>At rest</figcaption></figure>"
        )
    )

    html = page_of(client, article)

    assert '<a href="https://guideline.example/" rel="noopener noreferrer">Guideline on heels</a>' in html
    assert (
        f'<img src="{picture.url}" srcset="{picture.srcset}" sizes="(min-width: 60rem) 38rem, 100vw"'
        ' width="80" height="50" alt="A heel." loading="lazy">'
    ) in html


def test_only_an_upright_picture_is_shown_small(client):
    upright, flat = builders.picture(), builders.picture()
    Picture.objects.filter(pk=upright.pk).update(width=50, height=80)
    figures = [
        f'<figure><img data-picture="{picture.pk}" alt="A heel."></figure>' for picture in (upright, flat)
    ]

    html = page_of(client, builders.published_article(body="<p>Stretch.</p>" + "".join(figures)))

    assert re.findall(r"<figure( class=\"tall\")?><img", html) == [' class="tall"', ""]


def test_the_head_names_who_checked_only_a_checked_text(client):
    checked, unchecked = (
        builders.published_article(title="Sore heel"),
        builders.unchecked_article(title="Sore toe"),
    )

    named = [
        re.findall(r'<a href="#check">(.*?)</a>', page_of(client, text)) for text in (checked, unchecked)
    ]

    assert named == [["Checked by Theo Okafor, PT"], []]


def test_a_table_scrolls_in_a_box_of_its_own(client):
    table = '<table><caption>Sets</caption><tbody><tr><th scope="row">3</th><td>15</td></tr></tbody></table>'
    article = builders.published_article(body=f'<figure>{table}</figure><div class="site-header">Text</div>')

    html = page_of(client, article)

    box = '<div class="table-scroll" role="group" tabindex="0" aria-label="Sets">'
    # The parser of the second cleaning sorts attributes.
    found = re.search(r"<figure>(<div [^>]+>)(<table>.*?</table>)</div></figure><p>Text</p>", html)
    assert sorted(found[1][1:-1].split()) == sorted(box[1:-1].split())
    assert found[2] == table


def test_a_long_text_has_a_table_of_contents(client):
    body = "".join(f"<h2>Part {number}</h2><p>Text.</p>" for number in range(1, 5))
    article = builders.published_article(body=body)

    html = page_of(client, article)

    assert re.findall(r'<li class="contents-2"><a href="#([\w-]+)">', html) == [
        "part-1", "part-2", "part-3", "part-4", "sources",
    ]  # fmt: skip


def test_a_short_text_has_none(client):
    html = page_of(client, builders.published_article())

    assert 'class="contents"' not in html


def test_a_heading_never_takes_an_id_of_the_page_around_it(client):
    article = builders.published_article(body="<h2>Sources</h2><p>a</p><h2>Main</h2><p>b</p>")

    ids = re.findall(r' id="([^"]+)"', page_of(client, article))

    assert sorted(ids) == sorted(set(ids))
    assert {"main", "main-2", "sources", "sources-2"} <= set(ids)


# Care cards


def test_the_cards_of_a_topic_stand_around_the_text_emergency_first(client, back_cards):
    article = builders.published_article(main_topic=builders.topic(cards=back_cards))

    html = page_of(client, article)

    assert care_cards(html) == ["emergency", "urgent"]
    emergency, text, urgent = (
        html.index(mark) for mark in ("care-card-emergency", "Stretching and patience", "care-card-urgent")
    )
    assert emergency < text < urgent
    assert html.count(EMERGENCY) == 1


def test_a_card_that_the_author_put_into_the_text_stands_there_and_nowhere_else(client, back_cards):
    card = '<care-card data-card="back-and-leg-emergency"></care-card>'
    article = builders.published_article(
        main_topic=builders.topic(cards=back_cards), body=f"<p>Before.</p>{card}<p>Behind.</p>{card}"
    )

    html = page_of(client, article)

    assert care_cards(html) == ["emergency", "urgent"]
    assert html.index("Before.") < html.index("care-card-emergency") < html.index("Behind.")
    assert "<care-card" not in html


def test_a_card_that_the_library_does_not_have_is_left_out(client):
    article = builders.published_article(
        body='<p>Before.</p><care-card data-card="gone"></care-card><p>Behind.</p>'
    )

    html = page_of(client, article)

    assert care_cards(html) == []
    assert "<p>Before.</p><p>Behind.</p>" in html


def test_a_new_wording_of_a_card_shows_once_a_clinician_approved_it(client, back_cards):
    article = builders.published_article(main_topic=builders.topic(cards=back_cards))
    wording = cards.reword(
        back_cards.get(level="urgent"),
        introduction="any of these is new:",
        bullets="a wording of our own",
        safety_net="",
        by=builders.user("Manager"),
        reason="",
    )
    assert "a wording of our own" not in page_of(client, article)

    cards.approve(wording, by=builders.clinician().user)

    assert page_of(client, article).count("<li>a wording of our own</li>") == 1


# The check


@time_machine.travel(datetime(2026, 11, 3, 15, tzinfo=UTC), tick=False)
def test_a_checked_article_names_the_clinician_and_the_day(client):
    signer = builders.clinician("Theo Okafor", suffix="PT, OCS")

    html = page_of(client, builders.published_article(signer=signer))

    assert check_strips(html) == ["checked"]
    assert words(html).count("Checked by Theo Okafor, PT, OCS, on 3 November 2026") == 1


@time_machine.travel(datetime(2026, 11, 3, 15, tzinfo=UTC), tick=False)
def test_an_overdue_check_is_called_overdue(client):
    article = builders.published_article(now=datetime(2024, 10, 1, 15, tzinfo=UTC))

    html = page_of(client, article)

    assert check_strips(html) == ["overdue"]
    assert words(html).count("This check is overdue") == 1


def test_an_article_published_without_a_check_says_so(client):
    html = page_of(client, builders.unchecked_article())

    assert check_strips(html) == ["unchecked"]
    assert words(html).count("Written by Mara Lindqvist, DPT; not checked by a second clinician") == 1


def test_an_article_of_the_earlier_site_says_so(client):
    html = page_of(client, builders.unchecked_article(was_public_before=True))

    assert check_strips(html) == ["before"]
    assert words(html).count("Published before, not yet checked") == 1


@time_machine.travel(datetime(2026, 11, 3, 15, tzinfo=UTC), tick=False)
def test_a_corrected_wording_keeps_the_check_and_shows_its_day(client):
    article = builders.published_article(now=datetime(2026, 10, 1, 15, tzinfo=UTC))
    corrected = {name: getattr(article.live, name) for name in writing.FIELDS} | {
        "body": article.live.body.replace("Stretching", "Stretches")
    }
    writing.keep(
        article, corrected, topics=article.live.topics.all(), by=article.created_by, based_on=article.latest
    )
    publishing.publish(article, by=article.created_by)

    html = page_of(client, article)

    assert check_strips(html) == ["checked"]
    assert words(html).count("PT, on 1 October 2026") == 1
    assert words(html).count("Wording corrected on 3 November 2026.") == 1


@time_machine.travel(datetime(2026, 11, 3, 15, tzinfo=UTC), tick=False)
def test_news_has_a_date_and_no_check(client):
    html = page_of(client, builders.published_article(kind="news"))

    assert check_strips(html) == []
    assert html.count('<time datetime="2026-11-03">3 November 2026</time>') == 1
    assert "not advice for you" not in html


# Author and call to action


def test_the_byline_leads_to_the_profile(client):
    author = builders.therapist("Ines Calder")
    html = page_of(client, builders.published_article(author=author))

    assert f'By <a href="{author.get_absolute_url()}">Ines Calder</a>' in html


@pytest.mark.parametrize("gone", [{"left_on": "2026-01-31"}, {"is_listed": False}])
def test_the_byline_of_someone_who_is_not_shown_is_a_name_without_a_link(client, gone):
    author = builders.therapist("Ines Calder", **gone)

    html = page_of(client, builders.published_article(author=author))

    assert "By <strong>Ines Calder</strong>" in html
    assert author.get_absolute_url() not in html


def test_the_call_to_action_remembers_article_and_therapist(client):
    author = builders.therapist("Ines Calder", slug="ines-calder")
    article = builders.published_article(author=author, slug="sore-heel", call_to_action="Heel still sore?")

    html = page_of(client, article)

    assert "<h2>Heel still sore?</h2>" in html
    query = urlencode({"article": "sore-heel", "therapist": "ines-calder"}).replace("&", "&amp;")
    assert f'href="/appointments/?{query}">Ask for an appointment with Ines</a>' in html


@pytest.mark.parametrize("fields", [{"takes_new_patients": False}, {"left_on": "2026-01-31"}])
def test_nobody_is_sent_to_a_therapist_who_takes_no_new_patients(client, fields):
    author = builders.therapist("Ines Calder", **fields)

    html = page_of(client, builders.published_article(author=author, slug="sore-heel"))

    assert 'href="/appointments/?article=sore-heel">Ask for an appointment</a>' in html
    assert "with Ines" not in html


# Cost and caching


@pytest.mark.parametrize("number_of_articles", [3, 30])
def test_an_article_is_three_queries(client, django_assert_num_queries, back_cards, number_of_articles):
    cast = {"author": builders.therapist(photo=builders.picture()), "signer": builders.clinician()}
    topic, by = builders.topic(cards=back_cards), builders.user("Editor")
    facts.publish()
    for _number in range(number_of_articles):
        article = builders.published_article(**cast, main_topic=topic, lead_picture=builders.picture(), by=by)

    with django_assert_num_queries(3):
        html = page_of(client, article)

    assert care_cards(html) == ["emergency", "urgent"]


def test_a_browser_keeps_its_copy_until_the_page_changes(client, back_cards):
    article = builders.published_article(main_topic=builders.topic(cards=back_cards))
    first = client.get(article.get_absolute_url())
    known = {"If-None-Match": first["ETag"]}

    unchanged = client.get(article.get_absolute_url(), headers=known)
    article.live.main_topic.required_cards.clear()
    changed = client.get(article.get_absolute_url(), headers=known)

    assert (first.status_code, first["Cache-Control"]) == (200, "no-cache")
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200


def test_opening_time_makes_another_page(client):
    place = builders.location()
    facts.publish()
    article = builders.published_article()
    with time_machine.travel(datetime(2026, 11, 3, 13, tzinfo=UTC), tick=False):
        early = client.get(article.get_absolute_url())

    with time_machine.travel(datetime(2026, 11, 3, 15, tzinfo=UTC), tick=False):
        later = client.get(article.get_absolute_url(), headers={"If-None-Match": early["ETag"]})

    assert f"{place.name}" in early.content.decode()
    assert early.content.decode().count("Closed, opens today, 8 am") > 0
    assert later.content.decode().count("Open now until 6 pm") > 0
