"""What machines read about articles: never more than the page tells its readers."""

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Topic
from clinic.structured import PHYSIOTHERAPY, address, clinic, identity, listing, moment, node, page
from staff import structured as staff

SUBJECTS = {
    Topic.Kind.CONDITION: "MedicalCondition",
    Topic.Kind.TREATMENT: "PhysicalTherapy",
    Topic.Kind.BODY_AREA: "AnatomicalStructure",
}


def article_list(part):
    """Return what machines read on a page of the list of all articles."""
    return [
        page(
            "CollectionPage",
            _address_of(part, reverse("article_list")),
            name=_("Articles"),
            description=_(
                "What helps when something hurts, written by our therapists. Each page says who checked it."
            ),
            mainEntity=_listing(part.articles),
        )
    ]


def topic_detail(topic, part):
    """Return what machines read on a page of a topic."""
    return [
        page(
            "CollectionPage",
            _address_of(part, topic.get_absolute_url()),
            name=topic.name,
            description=topic.introduction or topic.teaser or topic.name,
            crumbs=[_all_articles()],
            about=subject(topic),
            mainEntity=_listing(part.articles),
        )
    ]


def subject(topic):
    """Return what a topic is about: a condition, a treatment or a part of the body."""
    return node(
        SUBJECTS[topic.kind],
        identity(topic.get_absolute_url(), "topic"),
        name=topic.name,
        # What people search for is another name of a condition, but no name of a knee.
        alternateName=topic.other_names if topic.kind == Topic.Kind.CONDITION else None,
    )


def article_detail(article, shown):
    """Return what machines read on the page of an article, of which `shown` is the template's context."""
    text, path = shown["text"], article.get_absolute_url()
    topic = text.main_topic
    written = {
        "datePublished": moment(article.published_at),
        "dateModified": moment(article.changed_at),
        "author": staff.person(text.author) if text.author else None,
        "publisher": clinic(),
        "image": address(text.lead_picture.url) if text.lead_picture else None,
    }
    the_page = {
        "name": text.title,
        "description": text.description or text.summary,
        "share_image": reverse("article_share_image", args=[article.slug]),
        "crumbs": [_all_articles(), *([(topic.name, topic.get_absolute_url())] if topic else [])],
        **written,
    }
    if article.is_health:
        return [page("MedicalWebPage", path, **the_page, **_health(text, shown))]
    news = node(
        "NewsArticle",
        identity(path, "article"),
        headline=text.title,
        mainEntityOfPage={"@id": identity(path, "page")},
        **written,
    )
    return [page("WebPage", path, **the_page), news]


def _health(text, shown):
    return {
        "headline": text.title,
        "about": subject(text.main_topic) if text.main_topic else None,
        "specialty": PHYSIOTHERAPY,
        "medicalAudience": node("MedicalAudience", audienceType="Patient"),
        "citation": [_citation(source) for source in shown["sources"]],
        **_check(shown["check"], text.signature),
    }


def _check(check, signature):
    """Claim the check of a clinician where the page says so, with the page's name and dates; else nothing."""
    if check.kind != "checked":
        return {}
    return {
        "reviewedBy": node("Person", staff.known_as(signature.therapist), name=check.name),
        "lastReviewed": check.on.isoformat(),
        "expires": check.next_on.isoformat(),
    }


def _citation(source):
    publisher = source.get("publisher")
    return node(
        "CreativeWork",
        name=source.get("title"),
        url=source["url"],
        publisher=node("Organization", name=publisher) if publisher else None,
        datePublished=str(source.get("year") or ""),
    )


def _all_articles():
    return (_("Articles"), reverse("article_list"))


def _address_of(part, path):
    """Return the canonical address of a part of a long list."""
    return f"{path}?after={part.after}" if part.after else path


def _listing(articles):
    return listing([(article.live.title, article.get_absolute_url()) for article in articles])
