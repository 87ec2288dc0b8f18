"""Bind a named clinician to exactly one text."""

import hashlib
import json
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles import reviewers
from articles.fixes import is_editorial_fix
from articles.models import Article, ArticleEvent, Revision, Signature
from articles.steps import Refused, take_step
from clinic import audit, outbox
from clinic.moves import Stale

REVIEW_AFTER = timedelta(days=730)
REVIEW_AT_MOST = timedelta(days=1096)
PUT_OFF_BY = timedelta(days=182)


def refuse_unless_signable(revision, therapist, *, today):
    """Raise Refused unless this clinician may sign this text.

    Author and signer differ, by byline and by account, and a licence is in force. Who has left, or lost
    the login, signs by no old link either.
    """
    reasons = []
    if revision.author_id == therapist.pk:
        reasons.append(_("Authors can’t sign off their own text. Choose another clinician."))
    if therapist.user_id and _has_written_since_last_check(revision, therapist.user_id):
        reasons.append(_("Whoever saved this text can’t sign it off. Choose another clinician."))
    if therapist.licence(today) is None:
        reasons.append(_("%(name)s has no license that is current.") % {"name": therapist.name})
    elif not reviewers.able(today).filter(pk=therapist.pk).exists():
        reasons.append(
            _("%(name)s can’t sign. Look at the login, the address for review links, and the last day.")
            % {"name": therapist.name}
        )
    if reasons:
        raise Refused(reasons)


def _has_written_since_last_check(revision, user_id):
    """Tell whether this account saved any of the texts that the signature would be the first to check."""
    checked = last_read(revision.article, before=revision.number)
    texts = revision.article.revisions.filter(number__lte=revision.number, created_by=user_id)
    return texts.filter(number__gt=checked.revision.number if checked else 0).exists()


def last_read(article, *, before):
    """Return the signature under the newest text before this number that a clinician has read, or None."""
    read = Signature.objects.filter(revision__article=article, carried_from=None)
    read = read.select_related("revision").order_by("-revision__number", "-created_at")
    return read.filter(revision__number__lt=before).first()


@transaction.atomic
def sign_off(article, *, by=None, therapist=None, next_review_on=None, now=None):
    """Sign the newest text with the name of the clinician who is signed in; return the signature.

    Who answers by review link is named as `therapist` and is signed in as nobody. Signing a published
    text again renews its check. Raises Refused or Stale.
    """
    therapist = therapist or getattr(by, "therapist", None)
    if therapist is None:
        raise Refused(_("Your login has no therapist profile, so it can’t sign."))
    revision = article.latest
    now = now or timezone.now()
    today = timezone.localdate(now)
    refuse_unless_signable(revision, therapist, today=today)
    next_review_on = _next_review(today, next_review_on)
    step = "check_again" if article.status == Article.Status.PUBLISHED else "sign_off"
    remark = "" if by else by_link(therapist)
    take_step(article, step, by=by, now=now, revision=revision, remark=remark, asked=None)
    revision.signatures.in_force().update(ended_at=now)
    return _put_in_force(
        Signature(
            revision=revision,
            digest=digest(revision),
            therapist=therapist,
            signed_by=by,
            signed_as=therapist.full_name,
            licence=str(therapist.licence(today)),
            signed_on=today,
            next_review_on=next_review_on,
        )
    )


def _next_review(today, wanted):
    day = wanted or today + REVIEW_AFTER
    if not today < day <= today + REVIEW_AT_MOST:
        raise Refused(_("The next check must be within three years."))
    return day


def carry_over(old, new):
    """Carry a signature over to the same text with at most three corrected words.

    Returns the new signature, or None where the change is more than that or the signer's own. The
    signer is told and may object.
    """
    # As it is now: the signer may have objected since the writer's page was drawn.
    signature = old.signatures.in_force().select_for_update().first()
    if signature is None or (new.created_by_id and signature.therapist.user_id == new.created_by_id):
        return None
    # Measured from the text that was read and signed, so that many small fixes can't add up to a new text.
    signed = _first_signed(signature).revision
    if _frame(signed) != _frame(new) or not is_editorial_fix(_words(signed), _words(new)):
        return None
    carried = _put_in_force(
        Signature(
            revision=new,
            digest=digest(new),
            therapist=signature.therapist,
            signed_by=signature.signed_by,
            signed_as=signature.signed_as,
            licence=signature.licence,
            signed_on=signature.signed_on,
            next_review_on=signature.next_review_on,
            extended_until=signature.extended_until,
            carried_from=signature,
        )
    )
    outbox.owe("wording_corrected", carried.pk)
    return carried


@transaction.atomic
def object_to(signature, *, by=None, therapist=None):
    """Withdraw the own signature from a wording that was corrected after signing, and from what followed.

    Raises Refused, or Stale where the signature has ended already.
    """
    therapist = therapist or getattr(by, "therapist", None)
    if signature.carried_from_id is None or signature.therapist != therapist:
        raise Refused(_("Only the signer can object, and only to a corrected wording."))
    if not Signature.objects.filter(pk=signature.pk, ended_at=None).update(ended_at=timezone.now()):
        raise Stale
    revision = signature.revision
    Revision.objects.filter(pk=revision.pk, signature=signature).update(signature=None)
    waiting = Article.objects.filter(latest=revision, status=Article.Status.SIGNED)
    waiting.update(status=Article.Status.DRAFT)
    remark = "" if by else by_link(therapist)
    ArticleEvent.objects.create(
        article=revision.article, revision=revision, step="objected", actor=by, remark=remark
    )
    audit.record("article.objected", actor=by, subject=f"article {revision.article_id}")
    for later in signature.carried_to.in_force():
        object_to(later, by=by, therapist=therapist)


@transaction.atomic
def put_off(article, *, by, reason, now=None):
    """Give an overdue check half a year more, once a signature. Raises Refused or Stale."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    if not can_put_off(article, today):
        raise Refused(_("Only an overdue check can be put off, and only once."))
    take_step(article, "extend", by=by, now=now, revision=article.live, remark=reason)
    rows = Signature.objects.in_force().filter(pk=article.live.signature_id, extended_until=None)
    if not rows.update(extended_until=today + PUT_OFF_BY):
        raise Stale


def can_put_off(article, today):
    """Tell whether the check of the public text is overdue and was never put off."""
    signature = article.live and article.live.signature
    return bool(signature and signature.is_overdue(today) and signature.extended_until is None)


def by_link(therapist):
    """Return the line of the history that says who answered without signing in."""
    return _("%(name)s, by review link") % {"name": therapist.full_name}


def digest(text):
    """Return the SHA-256 of everything a signature stands for."""
    parts = [text.title, text.summary, text.body, text.description, _frame(text)]
    # Signatures given before texts had these lines stay bound.
    parts += [line for line in (text.disclosure, text.permission_on_file) if line]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def is_bound(revision):
    """Tell whether the signature in force was given to exactly this text."""
    return revision.signature is not None and revision.signature.digest == digest(revision)


def _first_signed(signature):
    while signature.carried_from_id:
        signature = signature.carried_from
    return signature


def _put_in_force(signature):
    signature.save(force_insert=True)
    Revision.objects.filter(pk=signature.revision_id).update(signature=signature)
    signature.revision.signature = signature
    return signature


def _words(text):
    """Return title, lines around the text and the text as one document, the title as a heading."""
    around = (text.summary, text.description, text.disclosure)
    return f"<h2>{escape(text.title)}</h2>{''.join(f'<p>{escape(line)}</p>' for line in around)}{text.body}"


def _frame(text):
    """Return what an editorial fix must leave alone beside the words."""
    topics = sorted(text.topics.values_list("pk", flat=True))
    return [
        text.author_id,
        text.main_topic_id,
        text.lead_picture_id,
        text.sources,
        text.call_to_action,
        topics,
    ]
