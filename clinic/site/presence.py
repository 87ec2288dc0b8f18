"""Whether anybody is at the desk: when a session was last used, when it locks, how it opens again.

A session that nobody uses is locked: it stays signed in, and shows no more than how much waits. What a
page asks by itself is no use: such views say `is_activity = False`. All of this stands in the session;
clinic.site.session_store keeps the lock there.
"""

from datetime import datetime, timedelta

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.logout import logout
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import AppointmentRequest
from clinic import audit
from clinic.clock import spoken_time
from clinic.site import closing_time, passkey_forms

AT_REQUESTS = timedelta(minutes=15)
ELSEWHERE = timedelta(minutes=30)
# A session is not written more often only because it is used.
NOTED_EVERY = timedelta(minutes=1)
MOST_FAILURES = 5
WARNINGS = {
    2: _("Two more tries, then you are signed out."),
    1: _("One more try, then you are signed out."),
}

SEEN_AT, LOCKED_AT, FAILURES = "seen_at", "locked_at", "unlock_failures"


class PasswordForm(ReauthenticateForm):
    """allauth's form in our words."""

    password = forms.CharField(strip=False, error_messages={"required": _("Enter your password.")})


@receiver(user_logged_in)
def begin(request, user, **kwargs):
    """Start the clocks of a new session."""
    now = timezone.now()
    for name in (LOCKED_AT, FAILURES):
        request.session.pop(name, None)
    request.session[SEEN_AT] = now.isoformat()
    request.session.set_expiry(closing_time.ends_at(user, now))


def note_use(session, now):
    """Note that somebody is there, a minute's worth at a time; a session without a note begins with one."""
    if SEEN_AT not in session or now - _seen_at(session, now) >= NOTED_EVERY:
        session[SEEN_AT] = now.isoformat()


def is_locked(request, now):
    """Tell whether the session is locked, and lock it if nobody has used it for too long."""
    if LOCKED_AT not in request.session and left(request, now) <= timedelta():
        lock(request, now, reason="idle")
    return LOCKED_AT in request.session


def lock(request, now, *, reason):
    """Lock the session until its person unlocks it."""
    if LOCKED_AT not in request.session:
        request.session[LOCKED_AT] = now.isoformat()
        audit.record("session.locked", reason=reason, request=request)


def left(request, now):
    """Return the time until the session is locked, if nobody uses it."""
    sees_requests = request.user.has_perm("appointments.view_appointmentrequest")
    limit = AT_REQUESTS if sees_requests else ELSEWHERE
    # A moment ahead was noted before the clock was set back; nobody knows how long ago.
    return limit - abs(now - _seen_at(request.session, now))


def unlock(request, now):
    """Unlock by the posted password or passkey; return the form, whose errors say why it stays locked."""
    by_key = bool(request.POST.get("credential"))
    form = (passkey_forms.ReauthenticateForm if by_key else PasswordForm)(request.POST, user=request.user)
    if form.is_valid():
        form.save() if by_key else reauthenticate_by_password(request)
        for name in (LOCKED_AT, FAILURES):
            request.session.pop(name, None)
        request.session[SEEN_AT] = now.isoformat()
        audit.record("session.unlocked", reason="passkey" if by_key else "password", request=request)
    elif by_key or request.POST.get("password"):
        _note_failure(request, form)
    return form


def _note_failure(request, form):
    """Count a wrong try, and warn of the last ones: after five the session is over."""
    audit.record("unlock.failed", request=request)
    request.session[FAILURES] = request.session.get(FAILURES, 0) + 1
    left = MOST_FAILURES - request.session[FAILURES]
    if left <= 0:
        logout(request, show_message=False)
        # Wrong passwords here count for signing in too.
        messages.error(
            request, _("After five wrong tries you were signed out. Wait five minutes, or use a passkey.")
        )
    elif left in WARNINGS:
        form.add_error(None, WARNINGS[left])


def status(request, now):
    """Return what a page asks of its session every now and then."""
    is_locked = LOCKED_AT in request.session
    return {
        "person": request.user.pk,
        "is_locked": is_locked,
        "left": _seconds(left(request, now)),
        "ends_in": _seconds(request.session.get_expiry_date() - now),
        # Signing in again in another tab makes the tokens of this one worthless.
        "token": get_token(request),
        **(locked_out(request, now) if is_locked else {}),
    }


def locked_out(request, now):
    """Return all that a locked screen tells, and how it may be unlocked."""
    user = request.user
    sees_requests = user.has_perm("appointments.view_appointmentrequest")
    visible = AppointmentRequest.objects.visible_to(user)
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return {
        "numbers": visible.numbers(user, now) if sees_requests else None,
        "has_passkey": keys.exists(),
        "time": spoken_time(timezone.localtime(now).time(), settings.COUNTRY),
    }


def of(request, now):
    """Return what a staff page needs to watch over its session."""
    # In the zone of the location that closes last.
    ends_at = request.session.get_expiry_date()
    return {
        "left": _seconds(left(request, now)),
        "ends_in": _seconds(ends_at - now),
        "ends_at": spoken_time(ends_at.time(), settings.COUNTRY),
    }


def _seen_at(session, now):
    return datetime.fromisoformat(session[SEEN_AT]) if SEEN_AT in session else now


def _seconds(time):
    return max(0, int(time.total_seconds()))
