"""The pictures of articles, in every text: the newest, the public, the unsaved and those of the past."""

import re
from functools import partial
from itertools import chain

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import writing
from articles.models import Article, Revision, WorkingCopy
from articles.tree import parse
from clinic import picture_uses
from clinic.moves import Stale
from clinic.picture_uses import Use

# Cleaned texts hold a "<" before a tag only, so this finds no picture that an author merely wrote about.
IN_BODY = re.compile(r'<img [^>]*?\bdata-picture="([0-9]+)"')


def ids_in(text):
    """Return the ids of the pictures that a text shows."""
    return {*map(int, IN_BODY.findall(text.body)), *filter(None, [text.lead_picture_id])}


class Texts:
    """Every text of every article."""

    kind = _("Article")

    def uses_of(self, picture):
        """Yield a Use for each article of which some text shows this picture."""
        found = Q(lead_picture=picture) | Q(body__contains=f'data-picture="{picture.pk}"')
        texts = chain(
            Revision.objects.filter(found).only("article_id", "lead_picture_id", "body"),
            WorkingCopy.objects.filter(found).only("article_id", "lead_picture_id", "body"),
        )
        articles = {text.article_id for text in texts if picture.pk in ids_in(text)}
        related = ("latest", "live", "working_copy__holder")
        for article in Article.objects.filter(pk__in=articles).select_related(*related):
            yield _use(article, picture)

    def used_ids(self):
        """Return the ids of all pictures that a text shows."""
        shown = Q(lead_picture__isnull=False) | Q(body__contains="<img")
        texts = chain.from_iterable(
            model.objects.filter(shown).only("lead_picture_id", "body").iterator()
            for model in (Revision, WorkingCopy)
        )
        return set().union(*map(ids_in, texts))


picture_uses.register(Texts())


def _use(article, picture):
    replace, plan = None, None
    if picture.pk not in ids_in(article.latest):
        plan = _("stays: its newest text does not show it")
    elif hasattr(article, "working_copy"):
        plan = _("stays: %(name)s is writing on it") % {"name": article.working_copy.holder}
    elif "revise" not in article.steps:
        plan = _("stays: it is archived")
    else:
        plan = _("gets a draft with the other picture; readers see it once that is published")
        replace = partial(_keep_draft, article.pk, picture)
    return Use(
        kind=Texts.kind,
        label=str(article),
        url=reverse("admin:articles_article_change", args=[article.pk]),
        permission="articles.change_article",
        plan=plan,
        replace=replace,
    )


def _keep_draft(pk, old, new, by):
    article = Article.objects.select_related("latest").get(pk=pk)
    if WorkingCopy.objects.filter(article=article).exists():
        raise Stale
    latest = article.latest
    text = {name: getattr(latest, name) for name in writing.FIELDS}
    text["body"] = with_other_picture(latest.body, old, new)
    if latest.lead_picture_id == old.pk:
        text["lead_picture"] = new
    writing.keep(
        article,
        text,
        topics=latest.topics.all(),
        by=by,
        based_on=latest,
        reason=_("Picture replaced"),
    )


def with_other_picture(body, old, new):
    """Return a text that shows another picture, with its words unless the old one was decoration there."""
    tree = parse(body)
    for element in tree.elements():
        if element.tag == "img" and element.attributes.get("data-picture") == str(old.pk):
            is_decoration = element.attributes.get("alt") == ""
            element.attributes = {"data-picture": str(new.pk), "src": new.url}
            if is_decoration or new.alt:
                element.attributes["alt"] = "" if is_decoration else new.alt
    return tree.markup()
