"""The address of the confirmation page: it opens for a day, and then tells nothing."""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from appointments.models import AppointmentRequest

SALT = "appointments.received"
OPENS_FOR = timedelta(hours=24)


def address_of(request):
    """Return the address that confirms this request."""
    return reverse("request_received", args=[TimestampSigner(salt=SALT).sign(request.reference)])


def request_at(signed):
    """Return the open request that an address confirms, or None if it is altered, old or overtaken."""
    try:
        reference = TimestampSigner(salt=SALT).unsign(signed, max_age=OPENS_FOR)
    except BadSignature:
        return None
    requests = AppointmentRequest.objects.open().select_related("location", "card_version__card")
    return requests.filter(reference=reference).first()
