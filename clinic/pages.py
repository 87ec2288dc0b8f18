"""Write and publish the clinic's own pages: about, privacy, new patients."""

from django.db import transaction

from clinic import audit, facts, prose
from clinic.models import PageRevision


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
    facts.publish()
