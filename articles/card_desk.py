"""The page of one care card for staff: its wording, a new one, and its approval by a clinician."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import cards
from articles.models import CareCard, CareCardVersion
from articles.steps import Refused
from clinic.form_fields import LineField, LinesField

MOST_SIGNS = 6
WORDING = ("introduction", "bullets", "safety_net")


class RewordForm(forms.Form):
    """A new wording of a card, starting from its newest one."""

    use_required_attribute = False

    introduction = LineField(label=_("Line under the heading"), max_length=160, required=False)
    bullets = LinesField(
        label=_("Signs"),
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One a line, at most six."),
        error_messages={"required": _("Enter at least one sign.")},
    )
    safety_net = LineField(label=_("Closing sentence"), max_length=200, required=False)
    reason = LineField(
        label=_("Why this change?"), max_length=200, error_messages={"required": _("Say why you change it.")}
    )

    def __init__(self, newest, data=None):
        self.newest = {name: getattr(newest, name) for name in WORDING} if newest else {}
        super().__init__(data, initial=self.newest)

    def clean_bullets(self):
        signs = [line for line in self.cleaned_data["bullets"].split("\n") if line]
        if len(signs) > MOST_SIGNS:
            raise ValidationError(_("Name at most six signs: readers skip longer lists."))
        return "\n".join(signs)

    def clean(self):
        if not self.errors and self.wording == self.newest:
            raise ValidationError(_("Nothing has changed."))

    @property
    def wording(self):
        return {name: self.cleaned_data[name] for name in WORDING}


def page_of(card):
    """Return the address of the staff page of a card."""
    return reverse("admin:articles_carecard_change", args=[card.pk])


def change(request, pk):
    """Show a card with all its wordings; store the wording that is posted as the next one."""
    card = _fetch(request, pk)
    newest = card.versions.first()
    form = RewordForm(newest, request.POST or None)
    if request.method == "POST":
        if not request.user.has_perm("articles.change_carecard"):
            raise PermissionDenied
        if form.is_valid():
            cards.reword(card, **form.wording, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Saved. Readers see it once a clinician has approved it."))
            return redirect(page_of(card))
    context = {
        **admin.site.each_context(request),
        "title": card.name,
        "card": card,
        "form": form if request.user.has_perm("articles.change_carecard") else None,
        "versions": card.versions.select_related("created_by", "signature"),
        "newest": newest,
        "may_approve": request.user.has_perm("articles.approve_carecard"),
    }
    return render(request, "admin/articles/card.html", context)


def approve(request, pk, number):
    """Sign the wording of this number and show it to readers."""
    card = _fetch(request, pk)
    if request.method != "POST":
        return redirect(page_of(card))
    if not request.user.has_perm("articles.approve_carecard"):
        raise PermissionDenied
    version = CareCardVersion.objects.filter(card=card, number=number).first()
    if version is None:
        raise Http404
    try:
        cards.approve(version, by=request.user)
    except Refused as refused:
        for reason in refused.messages:
            messages.error(request, reason)
    else:
        messages.success(request, _("Approved in your name. Readers see this wording now."))
    return redirect(page_of(card))


def _fetch(request, pk):
    if not request.user.has_perm("articles.view_carecard"):
        raise PermissionDenied
    return get_object_or_404(CareCard.objects.select_related("live__signature", "owner"), pk=pk)
