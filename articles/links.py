"""Links of public texts to our own site: which pages of articles they may lead to, and which lead nowhere."""

import re
from html import unescape

from django.db import transaction
from django.urls import reverse

from articles.models import Article, Topic
from clinic import links
from clinic.models import BrokenLink, Page

# Thousands of texts are read at a time; all were cleaned, so that every link is written the same way.
HREF = re.compile(r'<a href="([^"]*)"')


def _topics():
    return Topic.objects.covered_by(Article.objects.published())


links.register("article_detail", Article.objects.published)
links.register("topic_detail", _topics)


def sweep(now):
    """Note each link of a public article or page that leads nowhere, and forget those mended since."""
    found = set(_links_of("article_detail", Article.objects.published()))
    found |= set(_links_of("page_detail", Page.objects.published()))
    ends = links.follow({href for _source, href in found})
    broken = {(source, href) for source, href in found if ends.get(href) == links.NOWHERE}
    with transaction.atomic():
        known = {(link.source, link.href): link.pk for link in BrokenLink.objects.all()}
        BrokenLink.objects.filter(pk__in=[known[mended] for mended in known.keys() - broken]).delete()
        BrokenLink.objects.bulk_create(
            [BrokenLink(source=source, href=href, noticed_at=now) for source, href in broken - known.keys()],
            ignore_conflicts=True,
        )


def _links_of(route, places):
    for slug, body in places.values_list("slug", "live__body").iterator():
        for href in HREF.findall(body):
            yield reverse(route, args=[slug]), unescape(href)
