"""Used links are forgotten, and those that nobody used: they open nothing after three days at most."""

from django.utils.translation import gettext_lazy as _

from clinic.retention import Kind, register
from staff.models import AccountLink


def made_before(moment):
    """Return the links made up to this moment."""
    return AccountLink.objects.filter(created_at__lte=moment)


register(Kind("account_links", _("Links for invitations and new passwords"), days=30, over=made_before))
