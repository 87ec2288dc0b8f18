from appointments.models.history import Attempt, RequestEvent
from appointments.models.keys import SearchKey
from appointments.models.moves import MOVES
from appointments.models.request import AppointmentRequest
from appointments.models.screening import ScreeningCount

__all__ = ["MOVES", "AppointmentRequest", "Attempt", "RequestEvent", "ScreeningCount", "SearchKey"]
