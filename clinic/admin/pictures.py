from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from js_asset import Script

from clinic import picture_uses, pictures
from clinic.admin.facts import FactsAdmin
from clinic.admin.picture_forms import EditorUploadForm, NewPictureForm, PictureForm, ReplaceForm
from clinic.models import Picture

CHOICES_ON_A_PAGE = 24


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("none", _("Shown nowhere")), ("some", _("Shown somewhere"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.exclude(pk__in=picture_uses.used_ids())
        if self.value() == "some":
            return queryset.filter(pk__in=picture_uses.used_ids())
        return queryset


class PermissionFilter(admin.SimpleListFilter):
    title = _("people")
    parameter_name = "people"

    def lookups(self, request, model_admin):
        return [("lacking", _("Their permission is missing"))]

    def queryset(self, request, queryset):
        return queryset.lacking_permission() if self.value() else queryset


@admin.register(Picture)
class PictureAdmin(FactsAdmin):
    """The library; the picture of the home page is among the facts of every page."""

    form = PictureForm
    list_filter = [UseFilter, PermissionFilter]
    list_per_page = 50
    search_fields = ["title", "alt", "caption", "credit"]
    readonly_fields = ["preview"]
    fieldsets = [
        (_("What must stay in sight"), {"fields": ["preview", ("focal_x", "focal_y")]}),
        (_("Words"), {"fields": ["title", "alt", "caption", "credit"]}),
        (_("People"), {"fields": ["shows_people", "consent"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["upload", "title", "alt", "caption", "credit"]}),
        (_("People"), {"fields": ["shows_people", "consent"]}),
    ]

    class Media:
        js = [Script("clinic/picture_focus.js", type="module")]

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("upload/", wrap(self.upload), name="clinic_picture_upload"),
            path("choose/", wrap(self.choose), name="clinic_picture_choose"),
            path("<int:pk>/replace/", wrap(self.replace), name="clinic_picture_replace"),
            *super().get_urls(),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(
            request, obj, change, **({} if change else {"form": NewPictureForm}), **kwargs
        )

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.add_fieldsets

    def get_changelist_instance(self, request):
        """Tell of each picture on the page what shows it."""
        changelist = super().get_changelist_instance(request)
        kinds = picture_uses.kinds()
        for picture in changelist.result_list:
            picture.shown_by = kinds.get(picture.pk, [])
        return changelist

    def change_view(self, request, object_id, form_url="", extra_context=None):
        picture = self.get_object(request, object_id)
        uses = picture_uses.of(picture) if picture else []
        context = {"uses": uses, "show_delete": not uses, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs, request):
        """Keep what is in use, texts of the past included, and name the places."""
        uses = [use for picture in objs for use in picture_uses.of(picture)]
        if not uses:
            return super().get_deleted_objects(objs, request)
        lines = [render_to_string("admin/clinic/picture/_use.html", {"use": use}, request) for use in uses]
        return [], {}, set(), lines

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        pictures.remove_files(obj)

    def delete_queryset(self, request, queryset):
        deleted = list(queryset)
        super().delete_queryset(request, queryset)
        for picture in deleted:
            pictures.remove_files(picture)

    @admin.display(description=_("picture"))
    def preview(self, picture):
        return render_to_string("admin/clinic/picture/_preview.html", {"picture": picture})

    def replace(self, request, pk):
        """Show what would change if another picture took this one's place everywhere, then do it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        picture = self.get_object(request, pk)
        if picture is None:
            raise Http404
        form = ReplaceForm(request.POST or None, old=picture)
        if form.is_valid():
            new = form.cleaned_data["new"]
            _tell(request, *picture_uses.replace(picture, new, by=request.user))
            return redirect("admin:clinic_picture_change", new.pk)
        uses = [(use, request.user.has_perm(use.permission)) for use in picture_uses.of(picture)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Replace everywhere"),
            "picture": picture,
            "uses": uses,
            "changes_something": any(use.replace and is_allowed for use, is_allowed in uses),
            "form": form,
            "choices": self._found(request, form.fields["new"].queryset)[:CHOICES_ON_A_PAGE],
        }
        return render(request, "admin/clinic/picture/replace.html", context)

    @method_decorator(require_POST)
    def upload(self, request):
        """Store the picture that the editor sends, and describe it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EditorUploadForm(request.POST, request.FILES)
        if form.is_valid():
            picture = form.save(by=request.user)
            self.note(request, picture, "added")
            return JsonResponse(_described(picture), status=201)
        error = next(iter(form.errors.as_data().values()))[0]
        return JsonResponse({"error": error.messages[0]}, status=413 if error.code == "heavy" else 400)

    @method_decorator(require_GET)
    def choose(self, request):
        """List the pictures that the editor may insert, newest first, a page at a time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self._found(request, Picture.objects.all())
        page = Paginator(found, CHOICES_ON_A_PAGE).get_page(request.GET.get("page"))
        listed = [_described(picture) | {"thumb": picture.thumbnail_url} for picture in page]
        return JsonResponse(
            {"pictures": listed, "next": page.next_page_number() if page.has_next() else None}
        )

    def _found(self, request, rows):
        found, _may_be_double = self.get_search_results(request, rows, request.GET.get("q", ""))
        return found


def _described(picture):
    plain = ("id", "url", "srcset", "width", "height", "alt", "title")
    return {name: getattr(picture, name) for name in plain}


def _tell(request, changed, stayed):
    for uses, level, sentence in (
        (changed, messages.SUCCESS, gettext("Now with the other picture: %(names)s.")),
        (stayed, messages.WARNING, gettext("As before: %(names)s.")),
    ):
        if uses:
            names = get_text_list([use.label for use in uses], gettext("and"))
            messages.add_message(request, level, sentence % {"names": names})
