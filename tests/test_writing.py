"""Texts are kept as revisions; nobody's words are lost and nothing public changes by saving."""

import pytest

from articles import publishing, writing
from articles.models import WorkingCopy
from clinic.moves import Stale
from tests import builders

pytestmark = pytest.mark.django_db


def keep(article, by, **changes):
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | changes
    topics = article.latest.topics.all()
    return writing.keep(article, text, topics=topics, by=by, based_on=article.latest)


def test_a_new_article_is_a_draft_with_one_text():
    editor = builders.user("Editor")

    article = builders.article(by=editor, title="Stiff neck after sleep")

    assert (article.slug, article.status, article.is_public) == ("stiff-neck-after-sleep", "draft", False)
    assert [(text.number, text.created_by) for text in article.revisions.all()] == [(1, editor)]


def test_saving_makes_the_next_revision_and_leaves_the_older_one():
    article, editor = builders.article(), builders.user("Editor")

    keep(article, editor, title="Sore heel at night")

    assert [text.title for text in article.revisions.all()] == [
        "Sore heel at night",
        "Sore heel",
    ]
    assert article.latest.number == 2


def test_saving_changes_nothing_that_readers_see():
    article = builders.signed_article()
    editor = builders.user("Editor")
    publishing.publish(article, by=editor)

    keep(article, editor, body="<p>Something entirely different is said here now.</p>")

    assert (article.live.number, article.latest.number) == (1, 2)
    assert (article.is_public, article.has_unpublished_text, article.status) == (True, True, "draft")


def test_an_unchanged_text_makes_no_revision_and_drops_the_working_copy():
    article, editor = builders.article(), builders.user("Editor")
    writing.set_aside(article, builders.text(title="Only tried"), topics=[], by=editor, version=0)

    kept = keep(article, editor)

    assert (kept, article.revisions.count()) == (article.latest, 1)
    assert not WorkingCopy.objects.filter(article=article).exists()


def test_the_main_topic_is_one_of_the_topics():
    heel = builders.topic("Heel")

    article = builders.article(main_topic=heel)

    assert list(article.latest.topics.all()) == [heel]


def test_a_text_is_cleaned_before_it_is_stored():
    article = builders.article(body='<p onclick="x()">Walk.</p><script>alert(1)</script>')

    assert article.latest.body == "<p>Walk.</p>"


def test_what_a_page_needs_is_made_when_the_text_is_saved():
    article = builders.article(body="<h2>What helps</h2><p>Soft shoes help.</p>")

    assert article.latest.outline == [[2, "What helps", "what-helps"]]
    assert article.latest.html == '<h2 id="what-helps">What helps</h2><p>Soft shoes help.</p>'
    assert (article.latest.word_count, article.latest.reading_minutes) == (5, 1)


def test_the_second_of_two_writers_is_told_and_stores_nothing():
    article = builders.article()
    first, second = builders.user("Editor"), builders.user("Editor")
    seen = article.latest
    keep(article, first, title="By the first")

    with pytest.raises(Stale):
        writing.keep(article, builders.text(title="By the second"), topics=[], by=second, based_on=seen)

    assert [text.title for text in article.revisions.all()] == ["By the first", "Sore heel"]


def test_a_writer_whose_page_is_older_than_the_database_is_told_as_well():
    article, editor = builders.article(), builders.user("Editor")
    same_article = type(article).objects.get(pk=article.pk)
    keep(same_article, editor, title="By the first")

    with pytest.raises(Stale):
        keep(article, editor, title="By the second")


def test_restoring_makes_a_new_revision_of_the_old_text():
    article, editor = builders.article(title="The first title"), builders.user("Editor")
    first = article.latest
    keep(article, editor, title="The second title")

    restored = writing.restore(article, first, by=editor)

    assert (restored.number, restored.title, restored.reason) == (3, "The first title", "#1")
    assert article.latest == restored


def test_a_working_copy_stays_out_of_the_history_until_it_is_saved():
    article, editor = builders.article(), builders.user("Editor")

    copy = writing.set_aside(article, builders.text(title="Typing"), topics=[], by=editor, version=0)

    assert (copy.title, copy.version, copy.holder, copy.based_on) == ("Typing", 1, editor, article.latest)
    assert article.revisions.count() == 1


def test_a_working_copy_that_someone_else_wrote_is_not_overwritten():
    article = builders.article()
    first, second = builders.user("Editor"), builders.user("Editor")
    writing.set_aside(article, builders.text(title="By the first"), topics=[], by=first, version=0)

    with pytest.raises(Stale):
        writing.set_aside(article, builders.text(title="By the second"), topics=[], by=second, version=0)
    copy = writing.set_aside(article, builders.text(title="Seen first"), topics=[], by=second, version=1)

    assert (copy.title, copy.version, copy.holder) == ("Seen first", 2, second)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Sore heel", "sore-heel-2"),
        ("Болит спина", "article"),
        ("腰痛", "article"),
        ("Topics", "topics-2"),
        ("Feed", "feed-2"),
        ("long " * 40, "long-long-long-long-long-long-long-long-long-long-long-l"),
    ],
)
def test_an_address_is_free_short_and_never_empty_A12(title, slug):
    builders.article(title="Sore heel")

    assert writing.free_slug(title) == slug
