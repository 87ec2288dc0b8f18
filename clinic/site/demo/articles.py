"""The demo clinic's articles, written, signed and published on days gone by, by the same verbs as ours."""

from datetime import timedelta

from django.utils import timezone

from articles import publishing, signing, writing
from articles.models import Article, CareCard, Topic
from clinic.site.demo import reading
from staff.models import User


def load_topics():
    """Store the topics with the cards they require, and return them by slug."""
    topics = {}
    for facts in reading.table("topics"):
        topics[facts["slug"]], _ = Topic.objects.update_or_create(
            slug=facts["slug"],
            defaults={
                "name": facts["name"],
                "kind": facts["kind"],
                "teaser": facts["teaser"],
                "introduction": facts["intro"],
                "also_called": facts.get("also_called", ""),
                "position": facts["order"],
            },
        )
    for card, slugs in reading.required_cards().items():
        for slug in slugs:
            topics[slug].required_cards.add(CareCard.objects.get(slug=card))
    return topics


def load_articles(topics, therapists, pictures, *, editor, manager):
    """Store those articles that are not there yet."""
    for facts, body in reading.texts("articles"):
        if not Article.objects.filter(slug=facts["slug"]).exists():
            _load(facts, body, topics, therapists, pictures, editor=editor, manager=manager)


def _load(facts, body, topics, therapists, pictures, *, editor, manager):
    now = timezone.now()
    written_at = now - timedelta(days=_age(facts) + 3)
    text = {
        **{name: facts[name] for name in ("title", "summary", "description", "call_to_action")},
        "body": body,
        "author": therapists[facts["author"]],
        "main_topic": topics.get(facts["topic"]),
        "lead_picture": pictures.get(facts["picture"]),
        "sources": [_source(row) for row in facts.get("sources", [])],
    }
    article = writing.create(
        text,
        kind=facts["kind"],
        slug=facts["slug"],
        topics=[topics[slug] for slug in facts["topics"]],
        by=editor,
        now=written_at,
        was_public_before=facts.get("imported", False),
    )
    if facts.get("state") == "in_review":
        publishing.submit(
            article, to=therapists[facts["asked"]], by=editor, remark="Is the part on pace right?"
        )
    elif "state" not in facts:
        _publish(article, facts, therapists, now, editor=editor, manager=manager)


def _publish(article, facts, therapists, now, *, editor, manager):
    published_at = now - timedelta(days=facts["published_days_ago"])
    if facts["checked_by"]:
        signer = User.objects.get(therapist=therapists[facts["checked_by"]])
        signing.sign_off(article, by=signer, now=now - timedelta(days=facts["checked_days_ago"]))
        publishing.publish(article, by=editor, now=published_at)
    else:
        publishing.publish(article, by=manager, now=published_at)


def _age(facts):
    """Return how many days ago the text was finished."""
    return max(facts.get("checked_days_ago", 0), facts.get("published_days_ago", 0))


def _source(row):
    return {**row, "accessed": row["accessed"].isoformat()}
