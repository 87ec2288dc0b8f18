"""The patient's journey: before you start, the form, check your answers, request sent."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone

from appointments import answers, confirmation, form_token, intake, origins, promises, suspicion
from appointments.decorators import journey_page, only_query
from appointments.forms import RequestForm
from appointments.screening import informing_cards
from clinic.models import Location

READ = ("GET", "HEAD")


@journey_page(*READ)
@only_query(*origins.LINKED, "answer")
def request_start(request):
    """Ask first whether this is an emergency, and say what comes next."""
    origin = origins.read(request.GET)
    is_unsure = request.GET.get("answer") == "not-sure"
    context = {
        "origin": origin,
        "promises": promises.if_sent_now(timezone.now(), urgent=is_unsure),
        "other_cards": informing_cards(origin.article),
    }
    template = "request_not_sure.html" if is_unsure else "request_start.html"
    return render(request, f"appointments/{template}", context)


@journey_page(*READ)
@only_query(*origins.LINKED)
def request_emergency(request):
    """Say what to do now; whoever has had emergency advice may go on."""
    context = {
        "origin": origins.read(request.GET),
        "promises": promises.if_sent_now(timezone.now(), urgent=True),
    }
    return render(request, "appointments/request_emergency.html", context)


@journey_page(*READ, "POST")
@only_query(*origins.LINKED)
def request_form(request):
    """Show the form; complete answers lead to the check page."""
    if request.method == "POST" and answers.BEGIN not in request.POST:
        form = RequestForm(request.POST)
        return check_page(request, form) if form.is_valid() else form_page(request, form)
    if not Location.objects.taking_requests().exists():
        return redirect("request_start")
    origin = origins.read(request.POST if request.method == "POST" else request.GET)
    form = RequestForm(initial={"therapist": origin.therapist, "location": origin.likely_location})
    return form_page(request, form, origin)


@journey_page(*READ, "POST")
def request_change(request):
    """Show the form again with the answers of the check page."""
    if request.method != "POST":
        return redirect("request_form")
    return form_page(request, RequestForm(request.POST))


@journey_page(*READ, "POST")
def request_send(request):
    """Store the request with what it owes, and only then confirm it."""
    if request.method != "POST":
        return redirect("request_form")
    form, origin = RequestForm(request.POST), origins.read(request.POST)
    if not form.is_valid():
        return form_page(request, form, origin)
    arrival = origin.arrival(_suspicions(form))
    received = intake.accept(form.answers, token=form.token.key, arrival=arrival, now=timezone.now())
    return HttpResponseRedirect(confirmation.address_of(received), status=303)


@journey_page(*READ)
def request_received(request, signed):
    """Confirm a request for a day; any other address gets a page that tells nothing."""
    received = confirmation.request_at(signed)
    if received is None:
        return render(request, "appointments/request_unknown.html")
    context = {"received": received, "by": promises.in_words(received, timezone.now())}
    return render(request, "appointments/request_received.html", context)


def form_page(request, form, origin=None, *, refused=False):
    """Show the form with what it holds; an unreadable token is replaced, so that the next try can pass."""
    origin = origin or origins.read(request.POST)
    token = form.data["token"] if form.token else form_token.issue()
    hidden = {"token": token, "screening": origin.screening, **origin.beside}
    if refused or answers.WITHOUT_COOKIE in request.POST:
        hidden[answers.WITHOUT_COOKIE] = "yes"
    context = {
        "form": form,
        "origin": origin,
        "hidden": hidden.items(),
        "promises": promises.if_sent_now(timezone.now(), urgent=origin.arrival().is_urgent),
    }
    return render(request, "appointments/request_form.html", context, status=403 if refused else 200)


def check_page(request, form):
    """Show complete answers, how to reach the patient first; nothing is stored yet."""
    context = {
        "contact": answers.contact(form),
        "others": answers.others(form),
        "hidden": answers.kept(request.POST),
    }
    return render(request, "appointments/request_check.html", context)


def _suspicions(form):
    """Return why a request is kept apart as maybe spam; empty for nearly everyone."""
    given = form.cleaned_data
    found = suspicion.reasons(
        honeypot=given["website"],
        seconds=form.token.age.total_seconds(),
        texts=[given["full_name"], given["patient_name"], given["needs"], given["notes"]],
    )
    return found if suspicion.is_maybe_spam(found) else []
