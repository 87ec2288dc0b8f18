"""The steps of staff on the page of one article: write, set aside, and everything of step_forms."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from articles import autosave, desk_page, writing
from articles.desk_forms import StartForm, TextForm
from articles.step_forms import FORMS
from articles.steps import Refused
from clinic.moves import Stale
from clinic.prose import EDITOR_STYLE

# The editor's own style sheet, and the preview beside the form.
DESK_POLICY = {"style-src": [EDITOR_STYLE], "frame-src": [SELF]}


def add(request):
    """Start an article: what is decided once, then its text is written at its own desk."""
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied
    form = StartForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        article = writing.create(
            {"title": data["title"]}, kind=data["kind"], slug=data["slug"], by=request.user
        )
        return redirect(desk_page.page_of(article))
    return desk_page.draw_start(request, form)


@csp_update(DESK_POLICY)
def change(request, pk):
    """Show an article; keep the text that is posted as its next revision."""
    article = desk_page.fetch(request, pk)
    if request.method != "POST":
        return desk_page.show(request, article)
    return _written(request, article, _keep)


@csp_update(DESK_POLICY)
def set_aside(request, pk):
    """Put the text that is posted into the working copy, out of the history, and show its preview."""
    article = desk_page.fetch(request, pk)
    if request.method != "POST":
        return redirect(desk_page.page_of(article))
    return _written(request, article, _set_aside)


def _written(request, article, store):
    """Store the posted text and go where that leads; else show what is wrong, or who was faster."""
    if not desk_page.may_write(request, article):
        raise PermissionDenied
    form = TextForm(request.POST, text=article.latest)
    if not form.is_valid():
        return desk_page.show(request, article, form=form)
    try:
        return redirect(store(request, article, form))
    except Stale:
        return desk_page.show_conflict(request, desk_page.fetch(request, article.pk), form)


def _keep(request, article, form):
    if form.is_overtaken(article):
        raise Stale
    seen = article.latest
    kept = writing.keep(
        article,
        form.text,
        topics=form.topics,
        by=request.user,
        based_on=seen,
        reason=form.cleaned_data["reason"],
    )
    if kept == seen:
        messages.info(request, _("Nothing has changed."))
    else:
        messages.success(request, _("Saved. Readers don’t see it before it is published."))
    return desk_page.page_of(article)


def _set_aside(request, article, form):
    autosave.set_aside(article, form, by=request.user)
    return desk_page.preview_of(article)


@csp_update(DESK_POLICY)
def take_step(request, pk, step):
    """Take one step with an article, then show it again."""
    article = desk_page.fetch(request, pk)
    if step not in FORMS:
        raise Http404
    if request.method != "POST":
        return redirect(desk_page.page_of(article))
    form = FORMS[step](article, request.POST, by=request.user)
    if not form.is_allowed_to(request.user):
        raise PermissionDenied
    try:
        if not form.fits(article, request.user):
            raise Stale
        if not form.is_valid():
            return desk_page.show(request, article, answered=form)
        form.take(by=request.user)
    except Stale as stale:
        messages.error(request, stale.message)
    except Refused as refused:
        for reason in refused.messages:
            messages.error(request, reason)
        return desk_page.show(request, desk_page.fetch(request, pk), answered=form)
    else:
        messages.success(request, form.done)
    return redirect(desk_page.page_of(article))
