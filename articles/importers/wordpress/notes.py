"""Say what to look at in a text of the earlier site: what it lost, what is doubtful, what is still to do."""

from collections.abc import Iterator
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_WORDS = 10
OLD_STATES = {
    "draft": gettext_lazy("It was a draft on the earlier site."),
    "pending": gettext_lazy("It waited for review on the earlier site."),
    "private": gettext_lazy("It was private on the earlier site. Look whether patients may read it."),
    "future": gettext_lazy("It was scheduled on the earlier site. Set the time again."),
    "publish": gettext_lazy(
        "It was protected by a password on the earlier site. Look whether patients may read it."
    ),
}


def dropped(draft) -> Iterator[str]:
    """Yield what the text had and has no more."""
    converted = draft.converted
    for label, found in [
        (_("Shortcodes and blocks; the words in them stay: %(list)s"), converted.shortcodes),
        (_("Pictures without a file: %(list)s"), converted.missing),
        (_("Links to files; the words stay: %(list)s"), converted.unlinked),
        (_("Embedded from elsewhere: %(list)s"), converted.embedded),
        (_("Pictures, because pages hold none: %(list)s"), converted.pictures if draft.is_page else []),
    ]:
        if found:
            yield label % {"list": ", ".join(dict.fromkeys(found))}


def doubts(draft, plan) -> Iterator[str]:
    """Yield what may be wrong."""
    item, slug, own = draft.item, plan.slugs[draft.item.number], plan.replaced_by(draft.item)
    if not item.is_public:
        yield str(OLD_STATES[item.status])
    if own:
        yield _("The site has a page of its own at %(address)s. The text waits unpublished.") % {
            "address": own
        }
    elif item.slug and slug != item.slug:
        yield _("Its address is now %(slug)s: “%(old)s” could not stay.") % {
            "slug": slug,
            "old": unquote(item.slug),
        }
    if draft.converted.lost:
        words = list(draft.converted.lost.elements())[:MOST_WORDS]
        yield _("Words that were lost: %(words)s") % {"words": ", ".join(words)}


def to_do(draft, export) -> Iterator[str]:
    """Yield what is left for people to do with an article."""
    if draft.is_page:
        return
    if draft.author is None:
        name = export.author_name(draft.item.creator)
        yield _("Choose who wrote this. The earlier site names %(name)s.") % {"name": name}
    if draft.converted.pictures or draft.lead:
        yield _("Say of each picture in the library whether people can be recognized.")
