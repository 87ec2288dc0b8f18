"""One request on one screen, and the steps that may be taken with it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from appointments.desk_forms import FORMS
from appointments.models import AppointmentRequest
from clinic import audit
from clinic.moves import Stale


class SeeOther(HttpResponseRedirect):
    """After a step: fetch the page with GET, whatever the browser sent before."""

    status_code = 303


def request_page(request, pk):
    """Show everything about one request, and note who looked."""
    return _page(request, _fetch(request, pk))


def request_step(request, pk, step):
    """Take one step of MOVES with a request, then show it again."""
    appointment_request = _fetch(request, pk)
    if step not in FORMS:
        raise Http404
    if request.method == "POST":
        if not request.user.has_perm("appointments.change_appointmentrequest"):
            raise PermissionDenied
        form = FORMS[step](appointment_request, request.POST)
        if step not in appointment_request.steps_for(request.user):
            messages.error(request, Stale.message)
        elif form.is_valid():
            _take(request, form)
        else:
            return _page(request, appointment_request, answered=form)
    return SeeOther(appointment_request.get_absolute_url())


def _take(request, form):
    try:
        form.save(by=request.user)
    except Stale as stale:
        messages.error(request, stale.message)
    else:
        messages.success(request, form.done % {"reference": form.appointment_request.reference})


def _fetch(request, pk):
    """Return a request that this person may see; foreign and unknown ones look the same."""
    related = ("location", "therapist", "insurance_plan", "owner", "card_version__card", "article__live")
    visible = AppointmentRequest.objects.visible_to(request.user).select_related(
        *related, "appointment_with", "replaces"
    )
    found = visible.filter(pk=pk).first()
    if found is None:
        audit.record("request.denied", subject=f"request {pk}", request=request)
        raise Http404
    return found


def _page(request, appointment_request, *, answered=None):
    """Render the page with a form for each step, one of them perhaps as it was answered wrongly."""
    audit.record("request.viewed", subject=appointment_request.reference, request=request)
    forms = {step: FORMS[step](appointment_request) for step in appointment_request.steps_for(request.user)}
    if answered:
        forms[answered.step] = answered
    visible = AppointmentRequest.objects.visible_to(request.user)
    context = {
        **admin.site.each_context(request),
        "title": appointment_request.reference,
        "appointment_request": appointment_request,
        "forms": forms.values(),
        # Calling is what is done most.
        "unfolded": answered.step if answered else "log_attempt",
        "related": visible.filter(Q(pk=appointment_request.replaces_id) | Q(replaces=appointment_request)),
        "history": appointment_request.events.select_related("actor"),
        "now": timezone.now(),
    }
    return render(request, "admin/appointments/request.html", context)
