"""One request on one screen: what is known of it, and a form for each step that may be taken."""

from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from appointments import desk, duplicates, request_facts
from appointments.desk_forms import FORMS
from appointments.models import AppointmentRequest, Attempt
from clinic import audit

RELATED = ("location", "therapist", "insurance_plan", "owner", "card_version__card", "article__live")
# What the clock does changes nothing that somebody could have decided on.
OF_THE_CLOCK = {"alarmed", "escalated"}
UNTELLING = OF_THE_CLOCK | {"undo"}
# Calling is what is done most; a call that went like this asks for something else.
AFTER_A_CALL = {Attempt.REACHED: "book", Attempt.WRONG_NUMBER: "correct"}


def of_one_request(view):
    """Hand the view the request it is about; read and write times by the clock of its location."""

    @wraps(view)
    def page(request, pk, **kwargs):
        appointment_request = fetch(request, pk)
        with timezone.override(ZoneInfo(appointment_request.location.time_zone)):
            return view(request, appointment_request, **kwargs)

    return page


def fetch(request, pk):
    """Return a request that this person may see; foreign and unknown ones look the same."""
    visible = AppointmentRequest.objects.visible_to(request.user)
    found = visible.select_related(*RELATED, "appointment_with").filter(pk=pk).first()
    if found is None:
        audit.record("request.denied", subject=f"request {pk}", request=request)
        raise Http404
    return found


@of_one_request
def request_page(request, appointment_request):
    """Show everything about one request, and note who looked."""
    return show(request, appointment_request)


@require_POST
@of_one_request
def copied(request, appointment_request):
    """Note which fact somebody copied, or all of them; what it says is noted nowhere."""
    facts = request_facts.of(appointment_request, timezone.now())
    names = {fact.name for fact in facts if fact.is_to_copy}
    field = request.POST.get("field")
    if field not in {"all", *names}:
        return HttpResponseBadRequest()
    audit.record("request.copied", subject=appointment_request.reference, reason=field, request=request)
    return HttpResponse(status=204)


def show(request, appointment_request, *, answered=None, is_late=False):
    """Render the page, one form perhaps as it was answered: wrongly, or when someone else was faster."""
    audit.record("request.viewed", subject=appointment_request.reference, request=request)
    now = timezone.now()
    history = list(appointment_request.events.select_related("actor"))
    forms = _forms(appointment_request, request.user, answered)
    context = {
        **admin.site.each_context(request),
        "title": appointment_request.reference,
        "appointment_request": appointment_request,
        "now": now,
        **_facts(appointment_request, now),
        "forms": forms,
        "unfolded": answered.step if answered else _likely_step(history),
        "undoable": desk.undoable_step(appointment_request, by=request.user, now=now),
        "is_late": is_late,
        "change": next((event for event in history if event.step not in OF_THE_CLOCK), None),
        "lost": answered.typed if answered and answered not in forms else [],
        "history": history,
        **_others(request, appointment_request, now),
        "next_request": _next_request(appointment_request, request.user, now),
    }
    return render(request, "admin/appointments/request.html", context, status=409 if is_late else 200)


def _facts(appointment_request, now):
    facts = request_facts.of(appointment_request, now)
    all_facts = "\n".join(fact.line for fact in facts)
    return {"facts": facts, "all_facts": all_facts, "week": request_facts.week(appointment_request)}


def _forms(appointment_request, user, answered):
    steps = appointment_request.steps_for(user)
    forms = [
        answered if answered and step == answered.step else form(appointment_request, user)
        for step, form in FORMS.items()
        if step in steps
    ]
    return [form for form in forms if form.is_possible]


def _likely_step(history):
    """Return what is done most after what was done last; what was taken back was not done."""
    telling = (event for event in history if event.step not in UNTELLING and not event.undone_at)
    last = next(telling, None)
    return AFTER_A_CALL.get(last.attempt if last else "", "log_attempt")


def _next_request(appointment_request, user, now):
    """Return what is to be done next, once there is nothing to do here."""
    if appointment_request.is_open and not appointment_request.is_put_off(now):
        return None
    return AppointmentRequest.objects.visible_to(user).to_do(now).in_order().first()


def _others(request, appointment_request, now):
    """Find what belongs to the same patient, among what this person may see."""
    visible = AppointmentRequest.objects.visible_to(request.user)
    others = duplicates.likely(appointment_request, visible, now)
    for other in others:
        # Their names and numbers are shown as well.
        audit.record("request.viewed", subject=other.reference, request=request)
    return {
        "others": others,
        "closable": duplicates.closable(appointment_request, others),
        "comparison": duplicates.compared(appointment_request, others, now),
        "related": _related(appointment_request, visible),
    }


def _related(appointment_request, visible):
    """Return (how, request) for those that this one replaces or repeats, and the other way round."""
    pk = appointment_request.pk
    earlier = {appointment_request.replaces_id: _("Replaces")}
    earlier[appointment_request.duplicate_of_id] = _("Duplicate of")
    others = visible.filter(Q(pk__in=earlier) | Q(replaces=pk) | Q(duplicate_of=pk))
    later = {True: _("Replaced by"), False: _("Also sent as")}
    return [(earlier.get(other.pk, later[other.replaces_id == pk]), other) for other in others]
