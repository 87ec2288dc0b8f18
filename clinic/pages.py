"""Write and publish the clinic's own pages: about, privacy, new patients."""

from django.db import transaction

from clinic import audit, facts, prose
from clinic.models import Page, PageRevision, SearchEntry
from clinic.search import index


@transaction.atomic
def keep(page, *, title, summary, description, body, by):
    """Store a text as the page's next revision and return it; readers don't see it yet."""
    last = page.revisions.first()
    return PageRevision.objects.create(
        page=page,
        number=last.number + 1 if last else 1,
        title=title,
        summary=summary,
        description=description,
        body=prose.clean(body),
        created_by=by,
    )


def publish(page, revision, *, by):
    """Show this revision to everyone; an older one rolls the page back."""
    with transaction.atomic():
        page.live = revision
        page.save(update_fields=["live"])
        audit.record("page.published", actor=by, subject=f"page {page.slug}")
        refresh_in_index(page)
    facts.publish()


def refresh_in_index(page):
    """Make the public text of a page findable."""
    index.put(
        SearchEntry.Kind.PAGE,
        page.pk,
        url=page.get_absolute_url(),
        title=page.live.title,
        lead=page.live.summary,
        text=prose.plain_text(page.live.body),
    )


def refresh_all_in_index():
    """Bring the index up to date with all pages."""
    published = Page.objects.published()
    for page in published.select_related("live"):
        refresh_in_index(page)
    index.keep_only(SearchEntry.Kind.PAGE, published.values("pk"))
