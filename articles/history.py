"""Compare two texts of an article, word by word."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import comparison, desk_page
from articles.step_forms import TakeUpForm


@require_safe
def compare(request, pk):
    """Show how one text (`?from=<number>`, else the public one) became another (`?to=`, else the newest)."""
    article = desk_page.fetch(request, pk)
    texts = list(article.revisions.select_related("created_by", "author", "main_topic", "lead_picture"))
    old = _numbered(texts, request.GET.get("from"), article.live_id or article.latest_id)
    new = _numbered(texts, request.GET.get("to"), article.latest_id)
    may_take_up = TakeUpForm.is_allowed_to(request.user) and TakeUpForm.fits(article, request.user)
    context = {
        **admin.site.each_context(request),
        "title": article.latest.title,
        "article": article,
        "texts": texts,
        "old": old,
        "new": new,
        "differences": comparison.of(old, new),
        "restore": TakeUpForm(article, number=old.number) if may_take_up and old != article.latest else None,
    }
    return render(request, "admin/articles/compare.html", context)


def _numbered(texts, number, otherwise):
    """Return the text of this number, or the one with the id `otherwise`."""
    for text in texts:
        if str(text.number) == number or (number is None and text.pk == otherwise):
            return text
    raise Http404
