"""Move a text towards its readers, and back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import checks
from articles.models import Article
from articles.signing import is_bound, refuse_unless_signable
from articles.steps import Refused, take_step
from clinic import outbox


@transaction.atomic
def submit(article, *, to, by, remark="", now=None):
    """Ask a named clinician to sign off the newest text, and owe them a mail."""
    now = now or timezone.now()
    refuse_unless_signable(article.latest, to, today=timezone.localdate(now))
    event = take_step(article, "submit", by=by, now=now, remark=remark, asked=to)
    outbox.owe("sign_off_asked", event.pk)


def send_back(article, *, by, remark):
    """Return a text to its editor with a remark."""
    take_step(article, "send_back", by=by, now=timezone.now(), remark=remark, asked=None)


def publish(article, *, by, now=None):
    """Show the newest text to everyone.

    A health text needs its signature, or a person who may publish without one; the page then says
    so. Raises Refused with every reason at once.
    """
    revision = article.latest
    if reasons := [problem.message for problem in checks.problems(revision, kind=article.kind)]:
        raise Refused(reasons)
    is_signed = article.status == Article.Status.SIGNED
    if is_signed and not is_bound(revision):
        raise Refused(_("This is not the text that was signed. Ask for another sign-off."))
    if not is_signed and article.is_health and not by.has_perm("articles.publish_unreviewed"):
        raise Refused(_("Ask a clinician to sign off this text first."))
    _go_live(article, "publish" if is_signed else "publish_unsigned", revision, by=by, now=now)


def take_over(article, *, at, by):
    """Keep a text public that was public on the earlier site; the page says that nobody checked it yet.

    `at` is when it was first published there.
    """
    _go_live(article, "take_over", article.latest, by=by, now=at)


def roll_back(article, revision, *, by, remark=""):
    """Show an older text again at once; the newest one stays as a draft."""
    if revision.pk in (article.latest_id, article.live_id) or not article.has_shown(revision):
        raise Refused(_("Choose an older text of this article that was public."))
    if article.is_health and revision.signature_id is None:
        raise Refused(_("Only a signed-off text can come back at once. Restore it as a draft instead."))
    _go_live(article, "roll_back", revision, by=by, now=None, remark=remark, asked=None)


def _go_live(article, step, revision, *, by, now, remark="", **changes):
    now = now or timezone.now()
    changes |= {"live": revision, "changed_at": now, "published_at": article.published_at or now}
    take_step(article, step, by=by, now=now, revision=revision, remark=remark, **changes)


def archive(article, *, by, remark=""):
    """Take an article off the site; its texts stay."""
    take_step(article, "archive", by=by, now=timezone.now(), remark=remark, asked=None)


def restore(article, *, by):
    """Take an article out of the archive, as a draft that nobody sees yet."""
    take_step(article, "restore", by=by, now=timezone.now(), live=None)
