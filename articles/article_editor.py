"""The editor of articles: what it offers beyond the one of pages, and the modules that draw it."""

import json

from django import forms
from django.templatetags.static import static
from django.urls import reverse
from js_asset import ImportMap, Media, Script

from articles.models import CareCard
from clinic import pictures, prose

EXTENSIONS = prose.EXTENSIONS | {
    "Heading": {"levels": [2, 3, 4]},
    "Subscript": True,
    "Superscript": True,
    "PastedText": True,
}
MODULES = ("article_text", "article_links", "article_pictures", "article_paste")
# Under names, so that modules find each other behind their hashed addresses.
SHARED = {f"clinic/{name}": f"clinic/{name}.js" for name in ("dialog", "pictures", "places", "upload")}


def picture_library():
    """Return where pictures are chosen and uploaded, and what is taken there."""
    return {
        "choices": reverse("admin:clinic_picture_choose"),
        "upload": reverse("admin:clinic_picture_upload"),
        "accept": pictures.ACCEPT,
        "taken": str(pictures.TAKEN),
    }


class PictureSelect(forms.Select):
    """A picture by its name; a script offers the library with its pictures."""

    def get_context(self, name, value, attrs):
        library = json.dumps(picture_library())
        return super().get_context(name, value, {**(attrs or {}), "data-picture-library": library})


class ArticleWidget(prose.ProseWidget):
    """The editor, with the care cards, pictures and pages that a text may hold or lead to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, extensions=EXTENSIONS, **kwargs)

    @property
    def media(self):
        return super().media + Media(
            importmap=ImportMap(SHARED), js=[Script("clinic/lead_picture.js", type="module")]
        )

    def get_config(self):
        config = super().get_config()
        ours = {
            "CareCard": {"names": dict(CareCard.objects.values_list("slug", "name"))},
            "Link": EXTENSIONS["Link"] | {"choices": reverse("admin:articles_article_links")},
            "PictureFigure": picture_library(),
        }
        modules = [static(f"clinic/{name}.js") for name in MODULES]
        return config | {"extensions": config["extensions"] | ours, "js_modules": modules}
