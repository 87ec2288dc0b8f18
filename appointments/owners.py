"""Who can have a request in hand: people who can sign in, and see the requests of its location."""

from django.db.models import Q

from staff.models import User


def able(locations):
    """Return the people who can work on requests of these locations.

    In step with the one rule of who sees which requests, `visible_to`.
    """
    seeing = User.objects.filter(_may("view_appointmentrequest"))
    here = User.objects.filter(_may("view_every_location") | Q(locations__in=locations))
    return User.objects.able_to_sign_in().filter(pk__in=seeing).filter(pk__in=here)


def _may(codename):
    return Q(groups__permissions__codename=codename) | Q(is_superuser=True)
