"""The steps that are taken with a request from its page or from the list."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from appointments.desk_forms import FORMS
from appointments.inbox import INBOX
from appointments.models import AppointmentRequest
from appointments.request_page import fetch, of_one_request, show
from clinic import audit
from clinic.moves import Stale


class SeeOther(HttpResponseRedirect):
    """After a step: fetch the page with GET, whatever the browser sent before."""

    status_code = 303


@of_one_request
def request_step(request, appointment_request, step):
    """Take one step of MOVES with a request, then show it again."""
    if step not in FORMS:
        raise Http404
    if request.method != "POST":
        return SeeOther(appointment_request.get_absolute_url())
    if not request.user.has_perm(FORMS[step].permission):
        audit.record("request.denied", subject=appointment_request.reference, request=request)
        raise PermissionDenied
    form = FORMS[step](appointment_request, request.user, request.POST)
    # Whether the last step can be taken back, the verb itself knows best.
    is_offered = step == "undo" or step in appointment_request.steps_for(request.user)
    if not (is_offered and form.is_up_to_date):
        return _too_late(request, form)
    return _take(request, form) if form.is_valid() else show(request, appointment_request, answered=form)


def _take(request, form):
    try:
        form.save()
    except Stale:
        return _too_late(request, form)
    messages.success(request, form.done % {"reference": form.appointment_request.reference})
    return SeeOther(_next_page(request.user, form.appointment_request))


def _too_late(request, form):
    """Show the request as it is now, with what was typed still there."""
    fresh = fetch(request, form.appointment_request.pk)
    return show(request, fresh, answered=type(form)(fresh, request.user, request.POST), is_late=True)


def _next_page(user, appointment_request):
    """Return the page of the request, or the list once it has moved to where this person sees it no more."""
    is_visible = AppointmentRequest.objects.visible_to(user).filter(pk=appointment_request.pk).exists()
    # Whoever works with the keyboard goes on from the next step, not from the top of the page.
    return f"{appointment_request.get_absolute_url()}#next" if is_visible else reverse(INBOX)
