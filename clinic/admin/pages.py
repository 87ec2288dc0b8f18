from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from clinic import facts, legal, pages
from clinic.admin.trail import AuditedMixin
from clinic.models import Page, PageRevision
from clinic.prose import ProseAdminMixin, ProseField

TEXT = ("title", "summary", "description", "body")


class PageForm(forms.ModelForm):
    """The place of a page and its newest text; a changed text becomes the next revision."""

    title = PageRevision._meta.get_field("title").formfield(widget=AdminTextInputWidget)
    summary = PageRevision._meta.get_field("summary").formfield(widget=AdminTextareaWidget({"rows": 3}))
    description = PageRevision._meta.get_field("description").formfield(widget=AdminTextInputWidget)
    body = ProseField(label=_("Text"), required=False)

    class Meta:
        model = Page
        fields = ["slug", "menu", "position", "duty"]

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        newest = instance.revisions.first() if instance else None
        text = {name: getattr(newest, name) for name in TEXT} if newest else {}
        super().__init__(*args, instance=instance, initial=text | (initial or {}), **kwargs)

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if resolve(reverse("page_detail", args=[slug])).url_name != "page_detail":
            raise ValidationError(_("Another part of the site has this address. Choose another one."))
        return slug

    def clean(self):
        """Keep a legal notice from readers until every blank of it is filled in."""
        cleaned = super().clean()
        blanks = legal.blanks(cleaned.get("body", "")) if cleaned.get("duty") else []
        if blanks and "_publish" in self.data:
            said = _("Fill in what stands in brackets, or save it for later: %(blanks)s")
            self.add_error("body", ValidationError(said, params={"blanks": " ".join(blanks)}))
        return cleaned

    @property
    def text(self):
        return {name: self.cleaned_data[name] for name in TEXT}

    @property
    def has_new_text(self):
        return not set(TEXT).isdisjoint(self.changed_data)


@admin.register(Page)
class PageAdmin(ProseAdminMixin, AuditedMixin, admin.ModelAdmin):
    form = PageForm
    list_display = ["title", "slug", "menu", "position", "is_published"]
    list_select_related = ["live"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (_("Address and menu"), {"fields": ["slug", "duty", "menu", "position", "description"]}),
    ]
    change_form_template = "admin/clinic/page/change_form.html"

    def get_changeform_initial_data(self, request):
        """Begin the page of a legal notice with what such a notice has to say."""
        initial = super().get_changeform_initial_data(request)
        duty = initial.get("duty")
        if duty not in Page.Duty:
            return initial
        return {"title": Page.Duty(duty).label, **legal.beginning(duty, settings.COUNTRY), **initial}

    @admin.display(description=_("title"))
    def title(self, page):
        return str(page)

    @admin.display(description=_("public"), boolean=True)
    def is_published(self, page):
        return page.live_id is not None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        page = form.instance
        if form.has_new_text:
            pages.keep(page, **form.text, by=request.user)
        if "_publish" in request.POST:
            pages.publish(page, page.revisions.first(), by=request.user)
        elif page.live_id:
            # Its address may have changed.
            pages.refresh_in_index(page)
        facts.publish()

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj and obj.live_id else None

    def has_delete_permission(self, request, obj=None):
        """Never: a page is taken out of the menus, and its address stays."""
        return False
