"""The patient's journey: before you start, the form, check your answers, request sent."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from appointments import (
    answers,
    confirmation,
    form_token,
    origins,
    promises,
    questions,
    screening_counts,
    sending,
)
from appointments.decorators import journey_page, only_query
from appointments.forms import RequestForm
from appointments.models import ScreeningCount
from appointments.models.choices import Purpose, Screening
from appointments.screening import informing_cards
from clinic import peers, self_test
from clinic.models import Location

READ = ("GET", "HEAD")
Step = ScreeningCount.Step
NOT_SURE = "not-sure"
# What counts each answer to the question, and the page it leads to.
LEADS_TO = {
    "none": (Step.NONE, "request_form"),
    "yes": (Step.YES, "request_emergency"),
    NOT_SURE: (Step.NOT_SURE, "request_start"),
}


# An answer changes a number and nothing of anybody's: there are no rights that a foreign site could borrow.
# So it needs no token, and whoever reads this page gets no cookie.
@csrf_exempt
@journey_page(*READ, "POST")
@only_query(*origins.LINKED, "answer")
def request_start(request):
    """Ask first whether this is an emergency, and say what comes next."""
    if request.method == "POST":
        return _lead_on(request)
    origin, now = origins.read(request.GET), timezone.now()
    is_unsure = request.GET.get("answer") == NOT_SURE
    context = {
        "origin": origin,
        "promises": promises.if_sent_now(now, urgent=is_unsure),
        "other_cards": informing_cards(origin.article),
    }
    if request.method == "GET" and context["promises"] and not is_unsure:
        _count(request, origin, Step.SHOWN, now)
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
    if origin.screening == Screening.YES:
        _count(request, origin, Step.CAME_BACK, timezone.now())
    form = RequestForm(
        initial={
            "therapist": origin.therapist,
            "location": origin.likely_location,
            "purpose": origin.purpose or Purpose.NEW,
        }
    )
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
    try:
        received = sending.send(
            form,
            origin,
            peer=peers.place_of(request),
            now=timezone.now(),
            mark=self_test.mark_on(request),
        )
    except sending.TooMany:
        return too_many_page(request)
    return HttpResponseRedirect(confirmation.address_of(received), status=303)


@journey_page(*READ)
def request_received(request, signed):
    """Confirm a request for a day; any other address gets a page that tells nothing."""
    received = confirmation.request_at(signed)
    if received is None:
        return render(request, "appointments/request_unknown.html")
    context = {
        "received": received,
        "by": promises.in_words(received),
        "private_link": confirmation.private_link_at(signed, received),
    }
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
        "questions": questions.about(form.answers),
        "contact": answers.contact(form),
        "others": answers.others(form),
        "hidden": answers.kept(request.POST),
    }
    return render(request, "appointments/request_check.html", context)


def too_many_page(request):
    """Refuse one request too many of one place, with the answers ready to be sent again later."""
    context = {"hidden": answers.kept(request.POST)}
    response = render(request, "appointments/request_too_many.html", context, status=429)
    response["Retry-After"] = int(sending.HOUR.total_seconds())
    return response


def _lead_on(request):
    """Count the answer to the question, and lead on to the page that fits it."""
    answer = request.POST.get("answer")
    if answer not in LEADS_TO:
        return redirect("request_start")
    step, page = LEADS_TO[answer]
    origin = origins.read({**request.POST.dict(), "screening": step})
    _count(request, origin, step, timezone.now())
    query = {**origin.named, **({"answer": answer} if answer == NOT_SURE else {})}
    return HttpResponseRedirect(reverse(page, query=query), status=303)


def _count(request, origin, step, now):
    """Count what a person sees and answers; the site's own test is nobody."""
    if not self_test.is_marked(request):
        screening_counts.count(origin.card, step, now)
