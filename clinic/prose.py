"""The rich-text editor of the staff pages: what it offers, how it runs under our policy, what is kept."""

import re
from html import unescape

import nh3
from csp.decorators import csp_update
from django import forms
from django.utils.decorators import method_decorator
from django.utils.html import strip_tags
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media, Script

# In the order of the tools. The editor's own choice holds a menu that keys cannot reach.
TOOLS = ("headings", "lists", "marks", "link", "nodes -blockType -lists", "table", "history")
EXTENSIONS = {
    "Menu": {"groups": [{"group": group} for group in TOOLS]},
    # It would switch off the spelling check of the browser.
    "NoSpellCheck": False,
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "HardBreak": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
# The editor writes one fixed style sheet into the page. A browser test notices when an upgrade changes it.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

KEPT_TAGS = {
    *("h2", "h3", "p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
KEPT_ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}
BLOCK_END = re.compile(r"</(?:h2|h3|p|li|caption|th|td)>|<br>")


def clean(html):
    """Return the HTML of a page reduced to what the editor can make; cleaning twice changes nothing."""
    return nh3.clean(
        html, tags=KEPT_TAGS, attributes=KEPT_ATTRIBUTES, url_schemes=SCHEMES, link_rel=None
    ).strip()


def plain_text(html):
    """Return the words of a cleaned text, each block on a line of its own."""
    return unescape(strip_tags(BLOCK_END.sub("\n", html)))


class ProseWidget(AdminProseEditorWidget):
    """The editor, with the names that a screen reader says."""

    def __init__(self, *args, extensions=EXTENSIONS, **kwargs):
        super().__init__(*args, config={"extensions": extensions}, preset="configurable", **kwargs)

    @property
    def media(self):
        return super().media + Media(js=[Script("clinic/prose.js", type="module")])


class ProseField(forms.CharField):
    widget = ProseWidget


class ProseAdminMixin:
    """Let the editor start under our policy: a nonce for its import map, a hash for its style."""

    @method_decorator(csp_update({"style-src": [EDITOR_STYLE]}))
    def changeform_view(self, request, *args, **kwargs):
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        return super().render_change_form(request, context, *args, **kwargs)
