"""Who is told about the site itself."""

from clinic.models import Clinic
from staff.models import User


def alarm_addresses():
    """Return the clinic's alarm addresses, else those of all managers who may sign in."""
    clinic = Clinic.objects.first() or Clinic()
    managers = User.objects.filter(is_active=True, groups__permissions__codename="view_selftest")
    return clinic.alarm_emails.split() or list(managers.distinct().values_list("email", flat=True))
