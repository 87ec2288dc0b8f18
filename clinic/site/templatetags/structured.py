import json
from urllib.parse import urlsplit

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import mark_safe

from clinic.site import structured

register = template.Library()

# Nothing in the data may end the script element, or a line of an old parser.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.filter
def above(trail):
    """Return the {name, path} of the pages above this one, of the rows of its BreadcrumbList."""
    return [{"name": step["name"], "path": urlsplit(step["item"]).path} for step in trail[:-1]]


@register.inclusion_tag("_structured.html", takes_context=True)
def structured_data(context, nodes):
    """Draw what machines read about a page as one graph."""
    graph = structured.graph(nodes, context["site"])
    text = json.dumps(graph, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES)
    return {"graph": mark_safe(text)}  # noqa: S308
