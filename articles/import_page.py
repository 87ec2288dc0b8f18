"""The staff page on which a document becomes a draft."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from articles import desk_page
from articles.importers.docx.reader import MOST_BYTES
from articles.importers.intake import READERS, bring_in
from articles.importers.parsed import ImportRefused
from staff.models import Therapist


class ImportForm(forms.Form):
    """Take a document in and store it as a draft."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Document"),
        help_text=_("Word (.docx) or plain text (.txt), at most 10 MB."),
        error_messages={"required": _("Choose a document."), "empty": _("This document is empty.")},
        widget=forms.FileInput({"accept": ",".join(READERS)}),
    )
    author = forms.ModelChoiceField(
        Therapist.objects.filter(left_on=None),
        label=_("Written by"),
        required=False,
        empty_label=_("Choose later"),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The document must be 10 MB or smaller."))
        return file

    def save(self, *, by):
        """Store the draft and return the report; raise ImportRefused with a sentence."""
        file = self.cleaned_data["file"]
        author = self.cleaned_data["author"]
        return bring_in(file.name, file.read(), author=author, by=by, is_upload=True)


def import_document(request):
    """Show what is taken and what is left out; make a draft of the document that is posted."""
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        try:
            report = form.save(by=request.user)
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, report.outcome)
            return redirect(desk_page.page_of(report.article))
    context = {**admin.site.each_context(request), "title": _("Import a Word document"), "form": form}
    return render(request, "admin/articles/import.html", context)
