from appointments.models.history import Attempt, RequestEvent
from appointments.models.request import MOVES, AppointmentRequest

__all__ = ["MOVES", "AppointmentRequest", "Attempt", "RequestEvent"]
