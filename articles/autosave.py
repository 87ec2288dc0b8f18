"""Keep what is being typed, every few seconds, and tell the desk all that it shows beside the text."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles import desk_page, findings, writing
from articles.desk_forms import UnfinishedTextForm
from clinic.clock import spoken_time
from clinic.moves import Stale


def autosave(request, pk):
    """Put the posted text into the working copy; a GET answers with a fresh token for the form.

    Signing in again in another tab makes the token of this one worthless.
    """
    article = desk_page.fetch(request, pk)
    if not desk_page.may_write(request, article):
        raise PermissionDenied
    if request.method != "POST":
        return JsonResponse({"token": get_token(request)})
    before = getattr(article, "working_copy", article.latest)
    form = UnfinishedTextForm(request.POST, text=before)
    form.is_valid()
    try:
        copy = set_aside(article, form, by=request.user)
    except Stale:
        return JsonResponse(_conflict(desk_page.fetch(request, pk)), status=409)
    return JsonResponse({**_saved(article, copy), "errors": form.complaints})


# It tries again by itself; who types is active for other reasons.
autosave.is_activity = False


def set_aside(article, form, *, by):
    """Store a posted text as the working copy; raise Stale if the writer has not seen the newest one."""
    if form.is_overtaken(article):
        raise Stale
    # Text dropped elsewhere begins anew here.
    version = form.cleaned_data["version"] if hasattr(article, "working_copy") else 0
    return writing.set_aside(article, form.text, topics=form.topics, by=by, version=version)


def _saved(article, copy):
    found = findings.of(copy, kind=article.kind)
    return {
        "version": copy.version,
        "holder": copy.holder.name,
        "saved_at": _spoken(copy.updated_at),
        "conflict": None,
        "checks": [vars(finding) for finding in found.checks],
        "grade": found.grade,
        "words": found.words,
        "preview_url": desk_page.preview_of(article),
        "panel": render_to_string("admin/articles/_checks.html", {"findings": found, "is_writing": True}),
    }


def _conflict(article):
    _text, who, at = desk_page.newest_words(article)
    compare_url = reverse("admin:articles_article_set_aside", args=[article.pk])
    return {
        "conflict": {
            "who": who.name if who else "",
            "at": _spoken(at),
            "compare_url": compare_url,
        }
    }


def _spoken(moment):
    return spoken_time(timezone.localtime(moment).time(), settings.COUNTRY)
