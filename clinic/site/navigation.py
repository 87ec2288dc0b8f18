"""The staff pages in the order of daily work; each person sees the part that their role opens."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS = [
    (_("Front desk"), ["appointments.AppointmentRequest", "clinic.Closure", "clinic.Notice"]),
    (_("Articles"), ["articles.Article", "articles.CareCard", "articles.Topic", "articles.MistakeReport"]),
    (
        _("Website"),
        ["clinic.Page", "clinic.Picture", "clinic.Document", "staff.Therapist", "clinic.Location"],
    ),
]
SHORTER = {"appointments.AppointmentRequest": _("Requests")}
# Pages that are no list of records: after which list, for whom, what they are called, where they are.
BESIDE = {
    "appointments.AppointmentRequest": (
        "appointments.view_reports",
        _("Reports"),
        "admin:appointments_appointmentrequest_reports",
    ),
    "clinic.OutboxMessage": ("clinic.view_selftest", _("This site"), "admin:state"),
    "clinic.AuditEvent": ("clinic.view_auditevent", _("Access review"), "admin:access_review"),
}


@dataclass(frozen=True)
class Item:
    label: str | Promise
    url: str
    is_here: bool
    count: int | None


def of(request, apps, counts=None):
    """Return what this person may open: the groups as (heading, items), and the rest as settings.

    `counts` tells by address how much waits there.
    """
    models = {model["model"]._meta.label: model for app in apps for model in app["models"]}
    links = {label: _links(request.user, model) for label, model in models.items() if model["admin_url"]}
    here = _deepest(request.path, [url for several in links.values() for _label, url in several])
    items = {
        label: [Item(name, url, url == here, (counts or {}).get(url)) for name, url in several]
        for label, several in links.items()
    }
    groups = [(heading, _joined(items, labels)) for heading, labels in GROUPS]
    grouped = {label for _heading, labels in GROUPS for label in labels}
    settings = _joined(items, [label for label in items if label not in grouped])
    return {
        "groups": [(heading, found) for heading, found in groups if found],
        "settings": settings,
        "is_in_settings": any(item.is_here for item in settings),
    }


def _links(user, model):
    label = model["model"]._meta.label
    links = [(SHORTER.get(label, model["name"]), model["admin_url"])]
    permission, name, view = BESIDE.get(label, (None, None, None))
    if permission and user.has_perm(permission):
        links.append((name, reverse(view)))
    return links


def _deepest(path, urls):
    """Return the longest address that this path lies under: the reports lie under the requests."""
    return max((url for url in urls if path.startswith(url)), key=len, default=None)


def _joined(items, labels):
    return [item for label in labels for item in items.get(label, ())]
