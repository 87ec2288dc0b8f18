"""Care cards: new wordings, approval by a clinician, and the ones that ship with the product."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import CareCard, CareCardVersion, Signature
from articles.steps import Refused
from clinic import audit

REVIEW_AFTER = timedelta(days=365)


@transaction.atomic
def reword(card, *, introduction, bullets, safety_net, by, reason):
    """Store a new wording and return it; readers see it once a clinician approves it."""
    last = CareCard.objects.select_for_update().get(pk=card.pk).versions.first()
    version = CareCardVersion.objects.create(
        card=card,
        number=last.number + 1 if last else 1,
        introduction=introduction,
        bullets=bullets,
        safety_net=safety_net,
        created_by=by,
        reason=reason,
    )
    audit.record("card.reworded", actor=by, subject=f"card {card.slug}")
    return version


@transaction.atomic
def approve(version, *, by):
    """Sign a wording and show it everywhere this card stands; return the signature."""
    therapist = getattr(by, "therapist", None)
    today = timezone.localdate()
    if therapist is None or therapist.licence(today) is None:
        raise Refused(_("Only a clinician with a current license can approve a card."))
    if version.created_by_id == by.pk:
        raise Refused(_("You wrote this wording. Another clinician must approve it."))
    version.signatures.in_force().update(ended_at=timezone.now())
    signature = Signature.objects.create(
        card_version=version,
        digest=digest(version),
        therapist=therapist,
        signed_by=by,
        signed_as=therapist.full_name,
        licence=str(therapist.licence(today)),
        signed_on=today,
        next_review_on=today + REVIEW_AFTER,
    )
    CareCardVersion.objects.filter(pk=version.pk).update(signature=signature)
    CareCard.objects.filter(pk=version.card_id).update(live=version)
    audit.record("card.approved", actor=by, subject=f"card {version.card.slug}")
    return signature


def digest(version):
    """Return the SHA-256 of what a signature under a wording stands for."""
    parts = [version.card.level, version.introduction, version.bullets, version.safety_net]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
