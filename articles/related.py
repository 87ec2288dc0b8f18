"""What to read next: each topic keeps a few articles ready, those chosen for it first, then the newest.

An article's page shows them without asking the database again.
"""

from django.db.models import Q
from django.urls import reverse

from articles.models import Article, Topic

# One more than a page shows, because an article is not suggested to its own readers.
KEPT = 4
SHOWN = 3


def suggestions(article, text):
    """Return the cards of the articles to read after this text, by its main topic."""
    kept = text.main_topic.suggestions if text.main_topic else []
    return [card for card in kept if card["id"] != article.pk][:SHOWN]


def refresh_around(article, *earlier):
    """Renew the topics of an article's public text, and of texts it had before."""
    texts = [text for text in (article.live, *earlier) if text]
    refresh(Topic.objects.filter(Q(revision__in=texts) | Q(featured=article)).distinct())


def refresh(topics):
    """Renew what these topics keep ready; call it after what readers can find has changed."""
    for topic in topics:
        public = Article.objects.published().for_lists()
        chosen = public.filter(pk__in=topic.featured.all())
        newest = public.on_topic(topic).exclude(pk__in=[article.pk for article in chosen])
        articles = [*chosen, *newest[:KEPT]][:KEPT]
        Topic.objects.filter(pk=topic.pk).update(suggestions=[_card(article) for article in articles])


def _card(article):
    picture = article.live.lead_picture
    return {
        "id": article.pk,
        "url": reverse("article_detail", args=[article.slug]),
        "title": article.live.title,
        "summary": article.live.summary,
        "picture": picture and picture.as_data(),
    }
