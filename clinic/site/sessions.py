"""Where somebody is signed in: the list of their sessions, and ending them."""

from datetime import datetime
from operator import attrgetter

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic import audit
from clinic.site import devices, presence

LIST = "usersessions_list"


@login_required
@require_http_methods(["GET", "POST"])
def session_list(request):
    """Show where this person is signed in; a post ends one of these sessions, or all others."""
    sessions = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        return _end(request, sessions)
    rows = [_row(session) for session in sorted(sessions, key=attrgetter("created_at"), reverse=True)]
    others = sum(not row["is_here"] for row in rows)
    return TemplateResponse(
        request, "usersessions/usersession_list.html", {"sessions": rows, "others": others}
    )


@transaction.atomic
def end_all(user):
    """End every session of this person at its next request, begun sign-ins included; return how many."""
    UserSession.objects.filter(user=user).delete()
    # Whose a session is stands inside of it: allauth's notes leave out sign-ins that have only begun. Only
    # staff have sessions, so there are few.
    theirs = [session.pk for session in Session.objects.iterator() if _is_of(session.get_decoded(), user)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


def _end(request, sessions):
    others = [session for session in sessions if not session.is_current()]
    chosen = request.POST.get("session")
    ended = [session for session in others if str(session.pk) == chosen] if chosen else others
    if chosen and not ended:
        raise Http404
    end_sessions(request, ended)
    audit.record("session.ended", count=len(ended), request=request)
    messages.success(request, _("Signed out there."))
    return redirect(LIST)


def _row(session):
    kept = session._session_store(session.session_key)
    seen_at = kept.get(presence.SEEN_AT)
    return {
        "pk": session.pk,
        "device": devices.name_of(session.user_agent),
        "address": session.ip,
        "since": session.created_at,
        "seen_at": datetime.fromisoformat(seen_at) if seen_at else session.created_at,
        "is_here": session.is_current(),
    }


def _is_of(data, user):
    pending = data.get(LOGIN_SESSION_KEY) or {}
    return data.get(SESSION_KEY) == str(user.pk) or pending.get("user_pk") == user_pk_to_url_str(user)
