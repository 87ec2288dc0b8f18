"""Do links say where they lead, and do they lead there?"""

from django.utils.translation import gettext as _

from articles import html
from articles.checks.draft import Finding, Level
from clinic import links

VAGUE = {"click here", "click", "here", "link", "more", "read more", "learn more", "this", "this link"}


def check(draft):
    """Look at the words of links, and follow those to our own site."""
    anchors = draft.elements("a")
    ends = links.follow([anchor.attributes["href"] for anchor in anchors])
    for anchor in anchors:
        href, said = anchor.attributes["href"], _words(anchor)
        if not said:
            message = _("A link has no words. Describe its picture: where does %(href)s lead?") % {
                "href": href
            }
            yield Finding("link-empty", Level.WARN, "body", message)
        elif _is_vague(said):
            message = _("The link “%(text)s” does not say where it leads.") % {"text": said}
            yield Finding("link-text", Level.WARN, "body", message, said)
        if href.startswith("#"):
            end = href if href[1:] in _places(draft) else links.NOWHERE
        else:
            end = ends.get(href, href)
        yield from _ending(said, href, end)


def _ending(said, href, end):
    if end == links.NOWHERE:
        message = _("The link “%(text)s” leads nowhere: there is no page at %(href)s.")
        yield Finding("link-broken", Level.WARN, "body", message % {"text": said, "href": href}, said)
    elif end != href:
        message = _("The page of the link “%(text)s” has moved. Link to %(end)s.")
        yield Finding("link-moved", Level.HINT, "body", message % {"text": said, "end": end}, said)


def _words(anchor):
    described = (image.attributes.get("alt", "") for image in anchor.elements() if image.tag == "img")
    return " ".join([anchor.text(), *described]).strip()


def _is_vague(said):
    said = said.strip(" .:»›→").lower()
    return said in VAGUE or said.startswith(("http://", "https://", "www."))


def _places(draft):
    """Return the ids that a link within the page may lead to."""
    return html.PAGE_IDS | {heading.anchor for heading in html.outline(draft.text.body)}
