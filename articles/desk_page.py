"""What the staff page of one article shows: its text, the steps that are open, and what happened to it."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Media

from articles import article_page, changes, comparison, findings
from articles.check_labels import check_label
from articles.desk_forms import TextForm
from articles.models import Article, CareCard, Revision
from articles.models.article import GOES_LIVE
from articles.step_forms import RollBackForm, TakeUpForm, offered_to

RELATED = (
    *("latest__author", "latest__main_topic", "latest__signature", "latest__created_by"),
    *("live__author", "live__signature", "asked"),
)


@dataclass(frozen=True)
class Row:
    """A revision in the list of all texts, with the steps that may be taken with it."""

    revision: Revision
    forms: list


def page_of(article):
    """Return the address of the staff page of an article."""
    return reverse("admin:articles_article_change", args=[article.pk])


def preview_of(article):
    """Return the address at which staff see an article as its readers would."""
    return reverse("admin:articles_article_preview", args=[article.pk])


def fetch(request, pk):
    """Return the article with its texts for a person who may see it."""
    if not request.user.has_perm("articles.view_article"):
        raise PermissionDenied
    return get_object_or_404(Article.objects.select_related(*RELATED, "working_copy__holder"), pk=pk)


def may_write(request, article):
    return request.user.has_perm("articles.change_article") and "revise" in article.steps


def show(request, article, *, form=None, answered=None, **extra):
    """Draw the page; `form` and `answered` are forms with what was typed and what is wrong with it."""
    copy = getattr(article, "working_copy", None)
    if form is None and may_write(request, article):
        text = copy or article.latest
        based_on, version = (copy.based_on_id, copy.version) if copy else (article.latest_id, 0)
        form = TextForm(text=text, based_on=based_on, version=version)
    steps = offered_to(request.user, article)
    drawn = copy if copy and form else article.latest
    events = article.events.select_related("actor", "revision")
    today = timezone.localdate()
    context = {
        "title": article.latest.title,
        "article": article,
        "form": form,
        "is_writing": form is not None,
        "working_copy": copy,
        "steps": [answered if answered and step.step == answered.step else step for step in steps],
        "reading": None if form else _reading(article),
        "findings": findings.of(drawn, kind=article.kind),
        "check": check_label(article.latest, today) if article.is_health else None,
        "live_check": check_label(article.live, today) if article.is_health and article.live else None,
        "sent_back": _sent_back(events),
        "history": events,
        "rows": _rows(article, events, request.user),
        **extra,
    }
    return draw(request, context, status=409 if "conflict" in extra else 200)


def show_conflict(request, article, form):
    """Show both texts side by side, and the posted one in a form that saves it on top."""
    copy = getattr(article, "working_copy", None)
    theirs, who, at = newest_words(article)
    data = request.POST.copy()
    data["based_on"], data["version"] = article.latest_id, copy.version if copy else 0
    differences = comparison.of(theirs, form.as_stored)
    conflict = {"who": who, "is_mine": who == request.user, "at": at, "differences": differences}
    return show(request, article, form=TextForm(data, text=article.latest), conflict=conflict)


def newest_words(article):
    """Return the text that was written last, who wrote it, and when."""
    copy = getattr(article, "working_copy", None)
    if copy:
        return copy, copy.holder, copy.updated_at
    return article.latest, article.latest.created_by, article.latest.created_at


def _reading(article):
    """Return what the public page would show of the newest text."""
    cards = list(CareCard.objects.shown().of_text(article.latest))
    context = article_page.context(article, article.latest, cards, timezone.localdate())
    return {**context, "changes": changes.since_last_check(article.latest) if article.is_health else None}


def _sent_back(events):
    """Return the event whose remark is to be answered, until sign-off is asked for or given."""
    last = next((event for event in events if event.step in {"submit", "sign_off", "send_back"}), None)
    return last if last and last.step == "send_back" else None


def _rows(article, events, user):
    """Return all texts, newest first, with what may be done with the older ones."""
    shown = {event.revision_id for event in events if event.step in GOES_LIVE}
    may_take_up = TakeUpForm.is_allowed_to(user) and TakeUpForm.fits(article, user)
    may_roll_back = RollBackForm.is_allowed_to(user) and RollBackForm.fits(article, user)
    rows = []
    for revision in article.revisions.select_related("created_by", "signature"):
        is_older = revision.pk != article.latest_id
        is_fit_for_readers = revision.pk in shown and (revision.signature_id or not article.is_health)
        forms = [TakeUpForm(article, number=revision.number)] if may_take_up and is_older else []
        if may_roll_back and is_older and is_fit_for_readers and revision.pk != article.live_id:
            forms.append(RollBackForm(article, number=revision.number))
        rows.append(Row(revision, forms))
    return rows


def draw(request, context, status=200):
    form = context["form"]
    media = form.media + form.sources.media if form else Media()
    return _render(request, "article.html", {"media": media, **context}, status)


def draw_start(request, form):
    """Draw the page on which an article begins."""
    return _render(request, "start.html", {"title": _("New article"), "media": Media(), "form": form})


def _render(request, template, context, status=200):
    context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
    context = {**admin.site.each_context(request), **context}
    return render(request, f"admin/articles/{template}", context, status=status)
