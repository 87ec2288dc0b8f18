"""The way of a text to its readers: one table of moves, and every reason at once where it is blocked."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from articles import publishing, signing, writing
from articles.models import Article, ArticleEvent, CareCard
from articles.models.article import MOVES
from articles.steps import Refused, take_step
from clinic.models import AuditEvent, OutboxMessage
from clinic.moves import Stale
from tests import builders

pytestmark = pytest.mark.django_db

EDITOR, MANAGER = "Editor", "Manager"


def revise(article, body="<p>Something entirely different is said here now.</p>"):
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | {"body": body}
    by = builders.user(EDITOR)
    return writing.keep(article, text, topics=article.latest.topics.all(), by=by, based_on=article.latest)


def published(**changes):
    article = builders.signed_article(**changes)
    publishing.publish(article, by=builders.user(EDITOR))
    return article


def publishing_refused(article, role=EDITOR):
    with pytest.raises(Refused) as refused:
        publishing.publish(article, by=builders.user(role))
    return refused.value.messages


def test_a_signed_text_goes_public():
    article = published()

    assert (article.status, article.live, article.is_public) == ("published", article.latest, True)
    assert list(Article.objects.published()) == [article]
    assert article.published_at == article.changed_at


def test_a_health_text_without_a_signature_stays_in_A14():
    assert publishing_refused(builders.article()) == ["Ask a clinician to sign off this text first."]


def test_a_health_text_goes_public_unchecked_only_with_the_permission():
    article = builders.article()

    publishing.publish(article, by=builders.user(MANAGER))

    assert (article.status, article.live.signature) == ("published", None)
    assert AuditEvent.objects.about(f"article {article.pk}").first().action == "article.publish_unsigned"


def test_news_needs_no_signature():
    article = builders.article(kind="news", author=None, main_topic=None, sources=[], summary="")

    publishing.publish(article, by=builders.user(EDITOR))

    assert article.is_public is True


def test_all_that_is_missing_is_said_at_once_A14():
    article = builders.signed_article(author=None, main_topic=None, sources=[], summary="", body="")

    assert publishing_refused(article) == [
        "Write the text.",
        "Choose who wrote this.",
        "Write the lead.",
        "Name at least one source.",
        "Choose the main topic.",
    ]


def test_a_skipped_heading_level_is_named_A6():
    article = builders.signed_article(body="<h2>One</h2><p>A.</p><h4>Three</h4><p>B.</p>")

    assert publishing_refused(article) == ["The heading “Three” skips a level: make it level 3."]


def test_a_text_that_names_red_flags_waits_for_its_card():
    body = "<h2>Leg pain</h2><p>New trouble with the bladder and leg pain need help at once.</p>"
    article = builders.signed_article(body=body)
    card = CareCard.objects.get(slug="back-and-leg-emergency")

    assert publishing_refused(article) == [
        f"Add the care card “{card.name}”: this text names signs it is about."
    ]


@pytest.mark.parametrize(
    "changes",
    [{"title": "Sore heels"}, {"body": "<p>Walk 30 minutes.</p>"}, {"summary": "Sore heels never last."}],
)
def test_an_edit_after_the_check_is_unchecked_and_readers_keep_the_checked_text_A17(client, changes):
    article = published()
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | changes
    topics = article.latest.topics.all()
    writing.keep(article, text, topics=topics, by=builders.user(EDITOR), based_on=article.latest)

    page = client.get(article.get_absolute_url())

    assert (article.latest.number, article.latest.signature, article.status) == (2, None, "draft")
    assert (page.context["text"].number, page.context["check"].kind) == (1, "checked")
    assert publishing_refused(article) == ["Ask a clinician to sign off this text first."]


@pytest.mark.parametrize("way", ["inserted by the author", "required by the topic"])
def test_the_card_lets_the_text_go_public(way):
    body = "<p>New trouble with the bladder and leg pain need help at once.</p>"
    leg = builders.topic("Leg")
    if way == "inserted by the author":
        body += '<care-card data-card="back-and-leg-emergency"></care-card>'
    else:
        leg.required_cards.add(CareCard.objects.get(slug="back-and-leg-emergency"))

    assert published(body=body, main_topic=leg).is_public is True


def test_a_text_whose_topics_changed_behind_its_signature_stays_in():
    article = builders.signed_article()
    article.latest.topics.add(builders.topic("Knee"))

    assert publishing_refused(article) == ["This is not the text that was signed. Ask for another sign-off."]


def test_asking_for_sign_off_names_the_clinician_and_owes_a_mail():
    article, theo = builders.article(), builders.clinician()

    publishing.submit(article, to=theo, by=builders.user(EDITOR), remark="By Friday if you can")

    event = article.events.first()
    assert (article.status, article.asked, event.remark) == ("in_review", theo, "By Friday if you can")
    assert list(Article.objects.awaiting(theo)) == [article]
    assert [(mail.kind, mail.object_id) for mail in OutboxMessage.objects.all()] == [
        ("sign_off_asked", event.pk)
    ]


def test_asking_the_author_is_refused():
    theo = builders.clinician()
    article = builders.article(author=theo)

    with pytest.raises(Refused):
        publishing.submit(article, to=theo, by=builders.user(EDITOR))
    assert OutboxMessage.objects.count() == 0


def test_a_text_sent_back_is_a_draft_with_a_remark():
    article, theo = builders.article(), builders.clinician()
    publishing.submit(article, to=theo, by=builders.user(EDITOR))

    publishing.send_back(article, by=theo.user, remark="The doses are missing")

    assert (article.status, article.asked) == ("draft", None)
    assert article.events.first().remark == "The doses are missing"


def test_rolling_back_shows_the_older_signed_text_at_once():
    article = published()
    first = article.live
    revise(article)
    signing.sign_off(article, by=builders.clinician().user)
    publishing.publish(article, by=builders.user(EDITOR))

    publishing.roll_back(article, first, by=builders.user(EDITOR))

    assert (article.live, article.latest.number, article.status) == (first, 2, "draft")


def test_only_a_text_that_readers_have_seen_comes_back():
    article = builders.signed_article()
    never_public = article.latest
    revise(article)
    signing.sign_off(article, by=builders.clinician().user)
    publishing.publish(article, by=builders.user(EDITOR))

    with pytest.raises(Refused, match="that was public"):
        publishing.roll_back(article, never_public, by=builders.user(EDITOR))


def test_an_unchecked_health_text_does_not_come_back_at_once():
    article = builders.article()
    publishing.publish(article, by=builders.user(MANAGER))
    unchecked = article.live
    revise(article)
    publishing.publish(article, by=builders.user(MANAGER))

    with pytest.raises(Refused, match="signed-off"):
        publishing.roll_back(article, unchecked, by=builders.user(EDITOR))


def test_a_text_of_another_article_does_not_come_back_here():
    article, other = published(), published()

    with pytest.raises(Refused):
        publishing.roll_back(article, other.live, by=builders.user(EDITOR))


def test_an_archived_article_is_gone_and_comes_back_as_a_draft():
    article, editor = published(), builders.user(EDITOR)

    publishing.archive(article, by=editor)
    gone = list(Article.objects.published())
    publishing.restore(article, by=editor)

    assert gone == []
    assert (article.status, article.live, article.is_public) == ("draft", None, False)


@pytest.mark.parametrize("status", Article.Status.values)
@pytest.mark.parametrize("step", MOVES)
def test_every_move_is_made_from_its_own_states_only(step, status):
    article, editor = published(), builders.user(EDITOR)
    Article.objects.filter(pk=article.pk).update(status=status)
    article.refresh_from_db()
    allowed = MOVES[step].is_allowed(status)

    try:
        with transaction.atomic():
            take_step(article, step, by=editor, now=timezone.now())
        moved = True
    except Stale:
        moved = False

    assert (moved, step in Article(status=status).steps) == (allowed, allowed)
    assert Article.objects.get(pk=article.pk).status == (MOVES[step].target or status if allowed else status)


def test_every_move_has_a_name_in_the_history():
    steps = [*MOVES, "objected"]

    assert [step for step in steps if not ArticleEvent(step=step).label] == []


def test_two_people_at_once_take_one_step():
    article, editor = builders.signed_article(), builders.user(EDITOR)
    same_article = Article.objects.get(pk=article.pk)
    publishing.publish(article, by=editor)

    with pytest.raises(Stale):
        publishing.publish(same_article, by=editor)
    assert article.events.filter(step="publish").count() == 1


def test_the_database_refuses_a_published_article_without_a_text():
    article = published()

    with pytest.raises(Exception, match="published_articles_have_a_text"), transaction.atomic():
        connection.cursor().execute("UPDATE articles_article SET live_id = NULL WHERE id = %s", [article.pk])
