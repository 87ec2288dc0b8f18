"""How often somebody has done something lately, without knowing whom: keyed hashes, kept for a day."""

from django.utils.crypto import salted_hmac

from clinic.models import Hit


def hits(what, who, *, within, now):
    """Return how often this was noted of `who`, an address or a key, in the time before now."""
    return Hit.objects.filter(bucket=_bucket(what, who), at__gt=now - within).count()


def note(what, who, now):
    """Count one more."""
    Hit.objects.create(bucket=_bucket(what, who), at=now)


def noted_before(moment):
    """Return what was noted up to this moment."""
    return Hit.objects.filter(at__lte=moment)


def _bucket(what, who):
    return salted_hmac("clinic.limiter", f"{what} {who}", algorithm="sha256").hexdigest()
