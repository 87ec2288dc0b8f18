"""Take in what readers find wrong in a text, and note what was done about it."""

from django.db import transaction
from django.utils import timezone

from articles.models import MistakeReport
from clinic import audit
from clinic.moves import Stale

# More open reports on one article than staff could read come from a machine; the others stay open.
MOST_OPEN = 20


def report(article, words):
    """Store a report about the text that readers see now; return None where too many wait already."""
    if article.mistake_reports.open().count() >= MOST_OPEN:
        return None
    return MistakeReport.objects.create(article=article, revision=article.live, words=words)


@transaction.atomic
def settle(mistake, *, answer, by):
    """Close a report with what was done. Raises Stale if someone else was faster."""
    changes = {"settled_at": timezone.now(), "settled_by": by, "answer": answer}
    if not MistakeReport.objects.open().filter(pk=mistake.pk).update(**changes):
        raise Stale
    audit.record("mistake.settled", actor=by, subject=f"article {mistake.article_id}")
