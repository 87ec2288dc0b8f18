"""Let people find the articles that readers see."""

from articles import html
from articles.models import Article
from clinic.models import SearchEntry
from clinic.search import index

ARTICLE = SearchEntry.Kind.ARTICLE


def refresh(article):
    """Make the public text of an article findable; what is not public is found no more."""
    if not article.is_public:
        index.drop(ARTICLE, article.pk)
        return
    text = article.live
    index.put(
        ARTICLE,
        article.pk,
        url=article.get_absolute_url(),
        title=text.title,
        lead=text.summary,
        text=html.plain_text(text.body),
        also="\n".join(f"{topic.name}\n{topic.also_called}" for topic in text.topics.all()),
    )


def refresh_on(topic):
    """Make the articles on a topic findable by the names it has now."""
    _refresh(Article.objects.published().on_topic(topic))


def refresh_all():
    """Bring the index up to date with all articles."""
    published = Article.objects.published()
    _refresh(published)
    index.keep_only(ARTICLE, published.values("pk"))


def _refresh(articles):
    for article in articles.select_related("live").prefetch_related("live__topics").iterator(chunk_size=200):
        refresh(article)
