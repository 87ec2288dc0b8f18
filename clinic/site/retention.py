"""Sessions of staff that have ended, and allauth's notes about them; patients have none."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from clinic.retention import Kind, register

# While somebody signs in, the note is there before the session.
SIGN_IN_TAKES = timedelta(hours=1)


def ended_before(moment):
    """Return the sessions that ended up to this moment."""
    return Session.objects.filter(expire_date__lte=moment)


def noted_without_session(moment):
    """Return the notes whose session had ended by this moment."""
    alive = Session.objects.filter(expire_date__gt=moment).values("session_key")
    return UserSession.objects.filter(created_at__lte=moment - SIGN_IN_TAKES).exclude(session_key__in=alive)


register(Kind("sessions", _("Staff sessions, after they ended"), days=0, over=ended_before))
register(
    Kind("session_notes", _("Address and browser of a staff session"), days=0, over=noted_without_session)
)
