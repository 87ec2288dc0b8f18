"""Answer the addresses of the earlier site: each leads to where its content is now, or says it is gone."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from django.urls import reverse
from django.utils.text import slugify

from articles.importers.wordpress.export import Export
from articles.importers.wordpress.mapping import Mapping
from articles.importers.wordpress.plan import Plan, is_fixed
from articles.models import Article, Topic
from clinic import redirects
from clinic.models import Redirect

FEEDS = ("feed/", "feed/rss2/", "feed/atom/", "?feed=rss2", "?feed=atom")
# What clinics call the list of their posts: in an export, a page without a text.
LISTS_OF_POSTS = {"articles", "blog", "news", "posts"}
DATED = re.compile(r"(?P<year>.*/(?:19|20)\d\d/)(?P<month>\d\d/)?(?=.)")


def keep(export: Export, plan: Plan, mapping: Mapping, public: dict[str, str]) -> tuple[int, list[str]]:
    """Store the answers to all old addresses; return how many there are, and those that can't be kept.

    `public` are the new addresses of what was public, by number; empty for what has no text here.
    """
    answers = {**dict(_lists(export, plan, mapping)), **dict(_texts(export, plan, public))}
    answers = {path: to for path, to in answers.items() if path and path != to and not is_fixed(path)}
    known = dict(Redirect.objects.values_list("path", "target"))
    refused = []
    # One by one, because a long transaction would keep patients' requests waiting.
    for path, target in answers.items():
        if known.get(path) == target:
            continue
        try:
            _answer(path, target)
        except redirects.ForeignAddress:
            refused.append(path)
    return len(answers) - len(refused), refused


def _answer(path, target):
    if target:
        redirects.lead(path, target)
    else:
        redirects.close(path)


def _texts(export, plan, public) -> Iterator[tuple[str, str]]:
    for item in export.items:
        if item.type == "attachment":
            yield from ((path, public.get(item.parent, "")) for path in plan.old_paths(item))
            yield plan.path(item.file), ""
        elif item.number in public:
            target = public[item.number] or (reverse("article_list") if item.slug in LISTS_OF_POSTS else "")
            yield from ((path, target) for path in plan.old_paths(item))


def _lists(export, plan, mapping) -> Iterator[tuple[str, str]]:
    """Yield what leads to lists: the feed, and the archives by date, category, tag and author."""
    articles = reverse("article_list")
    for name in FEEDS:
        yield plan.home + name, reverse("article_feed")
    yield f"{plan.home}comments/feed/", ""
    for path in plan.moved:
        if dated := DATED.match(path):
            yield dated["year"], articles
            yield dated[0], articles
    covered = set(Topic.objects.covered_by(Article.objects.published()))
    for slug, path in _archives(export, plan.home):
        topic = mapping.topics.get(slug)
        yield path, topic.get_absolute_url() if topic in covered else articles
    for login, author in export.authors.items():
        therapist = mapping.authors.get(login)
        is_shown = therapist and therapist.is_shown
        target = therapist.get_absolute_url() if is_shown else reverse("therapist_list")
        yield f"{plan.home}author/{slugify(login)}/", target
        yield f"{plan.home}?author={author.number}", target


def _archives(export, home) -> Iterator[tuple[str, str]]:
    """Yield the short name and the addresses of each category and tag."""
    parents = {term.slug: term.parent for term in export.terms if term.domain == "category"}
    for term in export.terms:
        if term.domain == "post_tag":
            yield term.slug, f"{home}tag/{unquote(term.slug)}/"
            continue
        names = [term.slug]
        while (parent := parents.get(names[0])) and parent not in names:
            names.insert(0, parent)
        yield term.slug, f"{home}category/{'/'.join(map(unquote, names))}/"
        yield term.slug, f"{home}?cat={term.number}"
