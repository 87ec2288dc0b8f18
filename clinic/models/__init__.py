from clinic.models.addresses import BrokenLink, Redirect
from clinic.models.audit import AuditEvent, AuditSeal
from clinic.models.documents import Document
from clinic.models.facts import Clinic, InsurancePlan, Location
from clinic.models.hours import Closure, OpeningHours
from clinic.models.limits import CacheEntry, Hit
from clinic.models.notices import Notice
from clinic.models.operations import Backup, RetentionPeriod, SelfTest
from clinic.models.outbox import MailRoute, OutboxMessage, WorkerBeat
from clinic.models.pages import Page, PageRevision
from clinic.models.pictures import Picture
from clinic.models.search import SearchEntry

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "Backup",
    "BrokenLink",
    "CacheEntry",
    "Clinic",
    "Closure",
    "Document",
    "Hit",
    "InsurancePlan",
    "Location",
    "MailRoute",
    "Notice",
    "OpeningHours",
    "OutboxMessage",
    "Page",
    "PageRevision",
    "Picture",
    "Redirect",
    "RetentionPeriod",
    "SearchEntry",
    "SelfTest",
    "WorkerBeat",
]
