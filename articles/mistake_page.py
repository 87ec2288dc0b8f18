"""The page on which a reader tells what is wrong in an article."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import mistakes
from articles.models import Article
from clinic.form_fields import LinesField


class MistakeForm(forms.Form):
    """What a reader found wrong; nothing is asked about the reader."""

    use_required_attribute = False

    words = LinesField(
        label=_("What is wrong?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Such as a number, a name, or a sentence nobody can follow."),
        error_messages={"required": _("Write what is wrong.")},
    )
    # People don't see this box; machines fill it in.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_by_a_machine(self):
        return bool(self.cleaned_data["website"])


# Anyone may send this form, from anywhere: there is nobody whose rights a foreign site could borrow. So it
# needs no token, and readers no cookie.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def article_mistake(request, slug):
    """Take in what a reader found wrong in an article."""
    article = get_object_or_404(Article.objects.published().select_related("live"), slug=slug)
    form = MistakeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if form.is_by_a_machine or mistakes.report(article, form.cleaned_data["words"]):
            return redirect(f"{request.path}?sent=yes")
        form.add_error(None, _("Many reports wait for us already. Call us instead."))
    context = {"article": article, "form": form, "is_sent": "sent" in request.GET}
    return render(request, "articles/mistake.html", context)
