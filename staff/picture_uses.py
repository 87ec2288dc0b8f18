"""The pictures of people."""

from clinic import picture_uses
from staff.models import Therapist

picture_uses.register(picture_uses.Field(Therapist, "photo"))
