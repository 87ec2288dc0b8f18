"""From a record of the staff pages to its page on the site, for those who may see the record."""

from django.contrib import admin
from django.contrib.contenttypes import views
from django.contrib.contenttypes.models import ContentType
from django.http import Http404


def on_site(request, content_type_id, object_id):
    """Lead to the page, or say the same of what is not there and what this person may not see."""
    models = {str(kind.pk): kind.model_class() for kind in ContentType.objects.all()}
    pages = admin.site._registry.get(models.get(content_type_id))
    if pages is None or not pages.has_view_permission(request) or not pages.get_object(request, object_id):
        raise Http404
    return views.shortcut(request, content_type_id, object_id)
