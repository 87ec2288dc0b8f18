from clinic.models.audit import AuditEvent, AuditSeal
from clinic.models.facts import Clinic, Closure, InsurancePlan, Location, OpeningHours
from clinic.models.outbox import MailRoute, OutboxMessage, WorkerBeat
from clinic.models.pages import Page, PageRevision
from clinic.models.pictures import Picture

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "Clinic",
    "Closure",
    "InsurancePlan",
    "Location",
    "MailRoute",
    "OpeningHours",
    "OutboxMessage",
    "Page",
    "PageRevision",
    "Picture",
    "WorkerBeat",
]
