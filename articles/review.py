"""The page behind a review link: read, compare, and answer for a text without signing in."""

from functools import wraps

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import article_page, changes, checks, review_forms, review_links
from articles.models import CareCard
from articles.steps import Refused
from clinic import audit
from clinic.moves import Stale


def unlisted(view):
    """Keep a page out of search engines; its address is a secret."""

    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return page


# GET and HEAD change nothing: mail scanners open every link.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@unlisted
def review(request, signed):
    """Show a text to the clinician who was told of it by mail, and take the answer."""
    asked = review_links.read(signed)
    if asked is None:
        raise Http404
    if asked.has_expired(timezone.now()):
        return render(request, "articles/review_closed.html", {"ending": "expired"}, status=410)
    if asked.is_locked or not asked.still_waits:
        return _closed(request, asked)
    forms = review_forms.answers(asked, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _answered(request, asked, forms):
        return HttpResponseRedirect(request.path, status=303)
    return _page(request, asked, forms)


def _answered(request, asked, forms):
    """Take the answer that was sent; return whether the page has to be drawn anew."""
    form = next((form for form in forms if form.is_bound), None)
    if form is None:
        return True
    if not form.is_valid():
        if form.has_error("detail", code="wrong"):
            _note(request, asked, "wrong_detail")
        asked.event.refresh_from_db(fields=["wrong_tries"])
        return asked.is_locked
    try:
        form.save()
    except Refused as refused:
        form.add_error(None, refused)
        return False
    except Stale:
        return True
    _note(request, asked, form.name)
    return True


def _note(request, asked, what):
    # Nobody has to be signed in here, hence the clinician's number beside the article's.
    subject = f"article {asked.article.pk} therapist {asked.therapist.pk}"
    audit.record(f"review_link.{what}", subject=subject, request=request)


def _page(request, asked, forms):
    cards = list(CareCard.objects.shown().of_text(asked.text))
    today = timezone.localdate()
    found = checks.report(asked.text, kind=asked.article.kind, today=today)
    context = {
        **article_page.context(asked.article, asked.text, cards, today),
        # What it will say depends on the answer.
        "check": None,
        "review": asked,
        "forms": forms,
        "wrong": next((form for form in forms if form.errors), None),
        "can_seal": bool(asked.details(today)),
        "changes": changes.since_last_check(asked.text),
        "warnings": [finding for finding in found if finding.level != checks.Level.HINT],
    }
    return render(request, "articles/review.html", context)


def _closed(request, asked):
    ending = asked.ending if not asked.still_waits else "locked"
    return render(request, "articles/review_closed.html", {"ending": ending, "review": asked})
