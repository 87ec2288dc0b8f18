"""Requests that may come from the same patient: the same number, address or name, and not long ago."""

from datetime import timedelta

from django.db.models import Q

from appointments import request_facts, search_keys
from appointments.models import SearchKey
from appointments.models.moves import OPEN

LOOK_BACK = timedelta(days=30)
AT_MOST = 3
NOTHING = "–"
COMPARED = ("full_name", "patient_name", "phone", "email", "purpose", "location", "notes")


def likely(request, visible, now):
    """Return at most three others among the visible ones, open or received lately, latest first."""
    same = Q(full_name__iexact=request.full_name)
    if request.phone_e164:
        same |= Q(phone_e164=request.phone_e164)
    if request.email:
        same |= Q(email__iexact=request.email)
    # By the index first: whoever shares a number, an address or a name shares a key.
    sharing = SearchKey.objects.filter(key__in=search_keys.of(request)).values("request")
    lately = Q(status__in=OPEN) | Q(received_at__gte=now - LOOK_BACK)
    others = visible.filter(same, lately, pk__in=sharing, erased_at=None).exclude(pk=request.pk)
    related = ("location", "therapist", "insurance_plan", "card_version__card", "article__live")
    return list(others.select_related(*related, "appointment_with").order_by("-received_at", "-pk")[:AT_MOST])


def closable(request, others):
    """Return those that this open request may be closed as a duplicate of: open too, or of the same name."""
    name = request.full_name.casefold()
    return [
        other for other in others if request.is_open and (other.is_open or other.full_name.casefold() == name)
    ]


def compared(request, others, now):
    """Return rows of (label, text, [(text of another, whether it differs)]), without empty ones."""
    ours, *theirs = ({fact.name: fact for fact in request_facts.of(one, now)} for one in (request, *others))
    rows = []
    for name in COMPARED:
        facts = [facts.get(name) for facts in (ours, *theirs)]
        if label := next((fact.label for fact in facts if fact), ""):
            mine, *others_text = (fact.text if fact else NOTHING for fact in facts)
            rows.append((label, mine, [(text, text.casefold() != mine.casefold()) for text in others_text]))
    return rows
