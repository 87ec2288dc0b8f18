"""The pages about people that links may lead to."""

from clinic import links
from staff.models import Therapist

links.register("therapist_detail", Therapist.objects.listed)
