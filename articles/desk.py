"""The steps of staff on the page of one article: write, set aside, and everything of step_forms."""

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from articles import desk_page, writing
from articles.desk_forms import NewTextForm, TextForm
from articles.step_forms import FORMS
from articles.steps import Refused
from clinic.moves import Stale
from clinic.prose import EDITOR_STYLE

EDITOR_POLICY = {"style-src": [EDITOR_STYLE]}


@csp_update(EDITOR_POLICY)
def add(request):
    """Start an article."""
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied
    form = NewTextForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        article = writing.create(
            form.text, kind=data["kind"], slug=data["slug"], topics=form.topics, by=request.user
        )
        messages.success(request, _("Saved as a draft."))
        go_on = desk_page.preview_of if "preview" in request.POST else desk_page.page_of
        return redirect(go_on(article))
    return desk_page.draw(request, {"title": _("New article"), "form": form})


@csp_update(EDITOR_POLICY)
def change(request, pk):
    """Show an article; keep the text that is posted as its next revision."""
    article = desk_page.fetch(request, pk)
    if request.method != "POST":
        return desk_page.show(request, article)
    return _written(request, article, _keep)


@csp_update(EDITOR_POLICY)
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
        _refuse_if_overtaken(article, form, request.user)
        return redirect(store(request, article, form))
    except Stale:
        return desk_page.show_conflict(request, desk_page.fetch(request, article.pk), form)


def _keep(request, article, form):
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
        messages.success(request, _("Saved. Readers don't see it before it is published."))
    return desk_page.page_of(article)


def _set_aside(request, article, form):
    copy = getattr(article, "working_copy", None)
    writing.set_aside(
        article, form.text, topics=form.topics, by=request.user, version=copy.version if copy else 0
    )
    return desk_page.preview_of(article)


def _refuse_if_overtaken(article, form, user):
    """Raise Stale if someone else has saved, or begun to write, since this form was drawn."""
    copy = getattr(article, "working_copy", None)
    is_foreign = copy is not None and copy.holder_id != user.pk
    if form.cleaned_data["based_on"] != article.latest_id:
        raise Stale
    if is_foreign and copy.version != form.cleaned_data["version"]:
        raise Stale


@csp_update(EDITOR_POLICY)
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
