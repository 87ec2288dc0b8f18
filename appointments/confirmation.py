"""The address of the confirmation page: it opens for a day, and then tells nothing."""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from appointments import private_links
from appointments.models import AppointmentRequest

SALT = "appointments.received"
OPENS_FOR = timedelta(hours=24)
# Long enough to keep the private link, and gone from a history that somebody else opens.
SHOWS_LINK_FOR = timedelta(minutes=10)


def address_of(request):
    """Return the address that confirms this request."""
    return reverse("request_received", args=[TimestampSigner(salt=SALT).sign(request.reference)])


def request_at(signed):
    """Return the open request that an address confirms, or None if it is altered, old or overtaken.

    What has become of a request is told by its private link alone.
    """
    reference = _reference_in(signed, OPENS_FOR)
    # The self-test reads its confirmation like everybody.
    for requests in (AppointmentRequest.objects, AppointmentRequest.probes):
        related = requests.open().select_related("location", "card_version__card", "replaces")
        if reference and (found := related.filter(reference=reference).first()):
            return found
    return None


def private_link_at(signed, request):
    """Return the private link of the request that this address confirms; empty once that is too old."""
    return private_links.address_of(request) if _reference_in(signed, SHOWS_LINK_FOR) else ""


def _reference_in(signed, max_age):
    try:
        return TimestampSigner(salt=SALT).unsign(signed, max_age=max_age)
    except BadSignature:
        return None
