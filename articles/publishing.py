"""Move a text towards its readers, and back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import checks, indexing, related
from articles.models import Article
from articles.signing import is_bound, refuse_unless_signable
from articles.steps import Refused, take_step
from clinic import outbox, redirects

# What no longer holds once a text is public, or off the site.
UNSCHEDULED = {"publish_at": None, "archive_at": None, "scheduled_by": None}


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
    refuse_unless_publishable(article, by=by)
    step = "publish" if article.status == Article.Status.SIGNED else "publish_unsigned"
    _go_live(article, step, article.latest, by=by, now=now)


def refuse_unless_publishable(article, *, by):
    """Raise Refused, with every reason at once, unless this person may show readers the newest text."""
    revision = article.latest
    if reasons := [problem.message for problem in checks.problems(revision, kind=article.kind)]:
        raise Refused(reasons)
    is_signed = article.status == Article.Status.SIGNED
    if is_signed and not is_bound(revision):
        raise Refused(_("This is not the text that was signed. Ask for another sign-off."))
    if not is_signed and article.is_health and not by.has_perm("articles.publish_unreviewed"):
        raise Refused(_("Ask a clinician to sign off this text first."))


def take_over(article, *, at, by):
    """Keep a text public that was public on the earlier site; the page says that nobody checked it yet.

    `at` is when it was first published there.
    """
    _go_live(article, "take_over", article.latest, by=by, now=None, changed_at=at, published_at=at)


def roll_back(article, revision, *, by, remark=""):
    """Show an older text again at once; the newest one stays as a draft."""
    if revision.pk in (article.latest_id, article.live_id) or not article.has_shown(revision):
        raise Refused(_("Choose an older text of this article that was public."))
    if article.is_health and revision.signature_id is None:
        raise Refused(_("Only a signed-off text can come back at once. Restore it as a draft instead."))
    _go_live(article, "roll_back", revision, by=by, now=None, remark=remark, asked=None)


@transaction.atomic
def _go_live(article, step, revision, *, by, now, remark="", **changes):
    now = now or timezone.now()
    before = article.live
    facts = {"changed_at": now, "published_at": article.published_at or now, **UNSCHEDULED}
    take_step(
        article, step, by=by, now=now, revision=revision, remark=remark, live=revision, **facts | changes
    )
    redirects.reopen(article.get_absolute_url())
    related.refresh_around(article, before)
    indexing.refresh(article)


@transaction.atomic
def archive(article, *, by, target="", remark="", now=None):
    """Take an article off the site and send its readers to another address of ours; its texts stay.

    Without a target its address says that the page is gone. Raises ForeignAddress.
    """
    was_public = article.is_public
    changes = {"asked": None, "archive_target": target, **UNSCHEDULED}
    take_step(article, "archive", by=by, now=now or timezone.now(), remark=remark, **changes)
    if not was_public:
        return
    address = article.get_absolute_url()
    # By the time that was set, the article itself may have that address.
    if target and not redirects.leads_back(address, target):
        redirects.lead(address, target)
    else:
        redirects.close(address)
    related.refresh_around(article)
    indexing.refresh(article)


def restore(article, *, by):
    """Take an article out of the archive, as a draft that nobody sees yet."""
    take_step(article, "restore", by=by, now=timezone.now(), live=None, archive_target="")


@transaction.atomic
def rename(article, slug, *, by):
    """Give an article another address; the old one leads there if readers may know it."""
    old = article.get_absolute_url()
    take_step(article, "rename", by=by, now=timezone.now(), remark=f"{article.slug} → {slug}", slug=slug)
    # Until then, an earlier owner of the address keeps its readers.
    if article.published_at:
        redirects.reopen(article.get_absolute_url())
        redirects.lead(old, article.get_absolute_url())
        related.refresh_around(article)
        indexing.refresh(article)
