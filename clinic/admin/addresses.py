from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clinic import links, redirects
from clinic.admin.trail import AuditedMixin
from clinic.form_fields import LineField
from clinic.models import Redirect


class RedirectForm(forms.ModelForm):
    """An old address and where it leads, kept by the verbs, so that no redirect leads to another."""

    path = LineField(label=_("Old address"), max_length=200, help_text=_("Such as /2019/05/back-pain/."))
    target = LineField(
        label=_("Leads to"), max_length=200, required=False, help_text=_("Empty: says that the page is gone.")
    )

    class Meta:
        model = Redirect
        fields = ["path", "target"]

    def clean_path(self):
        path = self._checked("path", redirects.old_address)
        if links.follow([path])[path] == path:
            raise forms.ValidationError(_("There is a page at this address, so it can’t lead elsewhere."))
        return path

    def clean_target(self):
        target = self.cleaned_data["target"] and self._checked("target", redirects.own_address)
        if target and links.follow([target])[target] == links.NOWHERE:
            raise forms.ValidationError(_("There is no page at this address."))
        return target

    def clean(self):
        cleaned = super().clean()
        path, target = (cleaned.get(name) for name in ("path", "target"))
        if path and target and redirects.leads_back(path, target):
            self.add_error("target", _("An address can’t lead to itself."))
        return cleaned

    def _checked(self, name, check):
        try:
            return check(self.cleaned_data[name])
        except redirects.ForeignAddress as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(Redirect)
class RedirectAdmin(AuditedMixin, admin.ModelAdmin):
    form = RedirectForm
    list_display = ["path", "target", "created_at"]
    search_fields = ["path", "target"]

    def save_model(self, request, obj, form, change):
        if change and "path" in form.changed_data:
            redirects.reopen(form.initial["path"])
        if obj.target:
            redirects.lead(obj.path, obj.target)
        else:
            redirects.close(obj.path)
        # The verbs write by address; the admin goes on with the row they wrote.
        obj.pk = Redirect.objects.filter(path=obj.path).values_list("pk", flat=True).first() or obj.pk
