"""What the private link of a request shows: how it stands, its appointment, and a way to withdraw it."""

import logging
from datetime import timedelta
from functools import wraps

from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from appointments import calendar_files, private_links, standing, withdrawing
from appointments.decorators import journey_page
from appointments.models import AppointmentRequest
from clinic import limiter, peers

log = logging.getLogger(__name__)

UNKNOWN = "unknown_link"
HOUR = timedelta(hours=1)
MOST_UNKNOWN_AN_HOUR = 30


def for_holders(view):
    """Hand the view the request that a token opens; every other token gets one page that tells nothing.

    Its status is 404, for search engines and monitoring: whether a token exists is no secret that a
    page has to keep, since nobody can guess one. Whoever tries many is told to wait.
    """

    @wraps(view)
    def page(request, token):
        now = timezone.now()
        requests = AppointmentRequest.objects.select_related("location", "appointment_with")
        asked = requests.filter(link_digest=private_links.digest_of(token)).first()
        if asked is None:
            return _unknown_page(request, now)
        # The link of a corrected request leads on to its correction, which may have had no mail.
        return view(request, standing.latest(asked), now)

    return page


def _unknown_page(request, now):
    has_tried_many = _has_tried_many(peers.place_of(request), now)
    response = render(request, "appointments/request_unknown.html", status=429 if has_tried_many else 404)
    if has_tried_many:
        response["Retry-After"] = int(HOUR.total_seconds())
    return response


def _has_tried_many(place, now):
    """Count a token that opens nothing; on a full disk the page is the same, and nothing is counted."""
    try:
        with transaction.atomic():
            if limiter.hits(UNKNOWN, place, within=HOUR, now=now) >= MOST_UNKNOWN_AN_HOUR:
                return True
            limiter.note(UNKNOWN, place, now)
    except DatabaseError as error:
        log.warning("private_link.not_counted error=%s", type(error).__name__)
    return False


# GET and HEAD change nothing: mail scanners open every link. A post needs the token and the second detail,
# which are all its sender's rights: no foreign site could borrow any. So readers need no cookie here.
@csrf_exempt
@journey_page("GET", "HEAD", "POST")
@for_holders
def private_link(request, asked, now):
    """Show how a request stands; take its withdrawal."""
    form = None
    if asked.is_open and not withdrawing.is_locked(asked, now):
        posted = request.POST if request.method == "POST" else None
        form = withdrawing.WithdrawalForm(posted, asked=asked, now=now)
        if form.is_bound and form.is_valid() and form.save():
            return HttpResponseRedirect(request.path, status=303)
    context = {
        "asked": asked,
        "standing": standing.of(asked, now),
        "has_calendar_file": calendar_files.has_one(asked),
        "form": form,
    }
    return render(request, "appointments/request_private.html", context)


@journey_page("GET", "HEAD")
@for_holders
def private_link_calendar(request, asked, now):
    """Hand out the appointment as a file for calendars."""
    if not calendar_files.has_one(asked):
        raise Http404
    response = HttpResponse(calendar_files.of(asked, now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
