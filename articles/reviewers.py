"""Who can be asked to answer for a text: licensed clinicians whom a login or a review link reaches."""

from django.db.models import Q

from staff.models import Credential, Therapist, User


def able(today):
    """Return the clinicians who can sign texts on this day."""
    may_sign = Q(groups__permissions__codename="sign_off") | Q(is_superuser=True)
    by_login = Q(user__in=User.objects.filter(may_sign, is_active=True))
    # Who has no login signs by link alone, and that takes the number of the license.
    numbered = Credential.objects.current(today).filter(kind=Credential.Kind.LICENCE).exclude(number="")
    by_link = Q(user=None, pk__in=numbered.values("therapist")) & ~Q(review_email="")
    return Therapist.objects.licensed(today).filter(by_login | by_link, left_on=None)


def for_text(text, today):
    """Return those who neither wrote nor saved this text."""
    others = Q(user=None) | ~Q(user=text.created_by_id)
    return able(today).filter(others).exclude(pk=text.author_id)
