from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.models import Article
from clinic import facts
from clinic.structured import address

NEWEST = 20


class ArticleFeed(Feed):
    """The newest articles with their leads.

    Not the whole texts: a reader's copy would outlive a correction, and lack the care cards of its topic.
    """

    feed_type = Atom1Feed

    def get_object(self, request):
        return facts.load()

    def title(self, clinic):
        return clinic["name"]

    def author_name(self, clinic):
        return clinic["name"]

    def subtitle(self):
        return _("Articles on pain, movement and recovery. Each page says who checked it.")

    def link(self):
        return address(reverse("article_list"))

    def feed_url(self):
        return address(reverse("article_feed"))

    def feed_guid(self):
        return self.feed_url()

    def items(self):
        return Article.objects.published().for_lists()[:NEWEST]

    def item_guid(self, article):
        """Return a name that stays when the address changes, so that no reader gets an article twice."""
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{article.created_at:%Y-%m-%d}:article-{article.pk}"

    def item_title(self, article):
        return article.live.title

    def item_link(self, article):
        return address(article.get_absolute_url())

    def item_description(self, article):
        return escape(article.live.summary)

    def item_author_name(self, article):
        return article.live.author.full_name if article.live.author else None

    def item_categories(self, article):
        return [article.live.main_topic.name] if article.live.main_topic else []

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.changed_at
