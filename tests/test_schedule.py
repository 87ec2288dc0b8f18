from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from articles import publishing, schedule, signing, writing
from articles.models import Article
from articles.steps import Refused
from clinic import delivery
from clinic.models import OutboxMessage
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return builders.user("Editor")


@pytest.fixture
def article():
    return builders.signed_article()


def in_two_days():
    return timezone.now() + timedelta(days=2)


def state(article):
    return Article.objects.get(pk=article.pk).status


def test_a_signed_text_goes_public_at_its_time_and_not_before(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)

    schedule.keep(timezone.now() + timedelta(days=1))
    before = state(article)
    schedule.keep(timezone.now() + timedelta(days=2, minutes=1))

    article.refresh_from_db()
    assert (before, article.status, article.publish_at) == ("signed", "published", None)
    assert article.events.first().actor == editor


def test_a_late_worker_dates_the_text_by_when_readers_first_saw_it(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)
    late = timezone.now() + timedelta(days=3)

    schedule.keep(late)

    article.refresh_from_db()
    assert article.published_at == late


def test_an_unsigned_health_text_gets_no_time(editor):
    article = builders.article()

    with pytest.raises(Refused, match="Ask a clinician"):
        schedule.publish_at(article, in_two_days(), by=editor)


def test_news_goes_public_by_itself_without_a_signature(editor):
    article = builders.article(kind="news")

    schedule.publish_at(article, in_two_days(), by=editor)
    schedule.keep(timezone.now() + timedelta(days=3))

    assert state(article) == "published"


def test_a_time_that_has_passed_is_refused(article, editor):
    with pytest.raises(Refused, match="still to come"):
        schedule.publish_at(article, timezone.now() - timedelta(minutes=1), by=editor)


def test_a_new_text_drops_the_time_of_the_one_before(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)

    text = builders.text(
        body="<p>Another text altogether, which nobody has signed.</p>", author=article.latest.author
    )
    writing.keep(article, text, topics=[], by=editor, based_on=article.latest)
    schedule.keep(timezone.now() + timedelta(days=3))

    article.refresh_from_db()
    # It was dropped at once, so nothing was missed later.
    assert [event.step for event in article.events.all()[:2]] == ["revise", "schedule"]
    assert (article.status, article.publish_at) == ("draft", None)


def test_a_text_that_is_no_longer_fit_stays_hidden_and_who_set_the_time_is_told(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)
    Article.objects.filter(pk=article.pk).update(status="draft")

    schedule.keep(timezone.now() + timedelta(days=3))
    delivery.deliver(delivery.claim(timezone.now()))

    article.refresh_from_db()
    assert (article.is_public, article.publish_at, article.events.first().step) == (False, None, "missed")
    assert [message.to for message in mail.outbox] == [[editor.email]]


def test_a_text_whose_signature_was_withdrawn_stays_hidden_whoever_set_the_time():
    theo, manager = builders.clinician(), builders.user("Manager")
    article = builders.signed_article(signer=theo)
    text = {name: getattr(article.latest, name) for name in writing.FIELDS}
    text["body"] = text["body"].replace("patience", "calm")
    topics = article.latest.topics.all()
    corrected = writing.keep(
        article, text, topics=topics, by=builders.user("Editor"), based_on=article.latest
    )
    schedule.publish_at(article, in_two_days(), by=manager)
    signing.object_to(corrected.signature, by=theo.user)

    schedule.keep(timezone.now() + timedelta(days=3))

    article.refresh_from_db()
    assert (article.is_public, article.events.first().step) == (False, "missed")


def test_an_article_that_was_given_the_address_it_should_lead_to_goes_off_the_site(client, editor):
    article = builders.published_article(slug="winter-hours")
    schedule.archive_at(article, in_two_days(), target="/articles/opening-hours/", by=editor)
    publishing.rename(article, "opening-hours", by=editor)

    schedule.keep(timezone.now() + timedelta(days=3))

    assert client.get("/articles/opening-hours/").status_code == 410


def test_two_workers_publish_once(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)

    for _worker in range(2):
        schedule.keep(timezone.now() + timedelta(days=3))

    assert article.events.filter(step="publish").count() == 1


def test_one_article_that_fails_does_not_keep_the_others_back(article, editor):
    broken = builders.published_article(slug="broken")
    Article.objects.filter(pk=broken.pk).update(
        archive_at=timezone.now(), archive_target="//elsewhere.example/", scheduled_by=editor
    )
    other = builders.published_article(slug="other")
    schedule.archive_at(other, in_two_days(), target="/articles/", by=editor)

    schedule.keep(timezone.now() + timedelta(days=3))

    assert (state(broken), state(other)) == ("published", "archived")


def test_an_article_goes_off_the_site_at_its_time_and_sends_its_readers_on(client, editor):
    article = builders.published_article(slug="winter-hours")
    schedule.archive_at(article, in_two_days(), target="/articles/", by=editor)

    schedule.keep(timezone.now() + timedelta(days=3))

    assert client.get("/articles/winter-hours/")["Location"] == "/articles/"


def test_what_was_set_can_be_dropped(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)

    schedule.drop(article, by=editor)
    schedule.keep(timezone.now() + timedelta(days=3))

    assert (state(article), OutboxMessage.objects.filter(kind="schedule_missed").count()) == ("signed", 0)


def test_publishing_by_hand_forgets_the_time(article, editor):
    schedule.publish_at(article, in_two_days(), by=editor)

    publishing.publish(article, by=editor)

    article.refresh_from_db()
    assert article.publish_at is None
