"""What can be exported of a request."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models.choices import (
    CallTime,
    HeardFrom,
    Outcome,
    Payment,
    Purpose,
    Referral,
    Source,
    Status,
)


def _moment(name):
    def read(row):
        moment, zone = getattr(row, name), ZoneInfo(row.location.time_zone)
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""

    return read


def _choice(name, choices):
    labels = dict(choices.choices)
    return lambda row: labels.get(getattr(row, name), "")


def _plain(name):
    return lambda row: getattr(row, name) or ""


ALWAYS = {
    gettext_lazy("Reference"): _plain("reference"),
    gettext_lazy("Location"): _plain("location"),
    gettext_lazy("Received"): _moment("received_at"),
}
# Groups of columns: what the group is called, and each column's head with how it is read.
COLUMNS = {
    "course": (
        gettext_lazy("Course: state, times, outcome"),
        {
            gettext_lazy("State"): _choice("status", Status),
            gettext_lazy("Urgent"): lambda row: _("yes") if row.is_urgent else _("no"),
            gettext_lazy("Call by"): _moment("due_at"),
            gettext_lazy("First called"): _moment("called_at"),
            gettext_lazy("First answered"): _moment("answered_at"),
            gettext_lazy("Calls made"): lambda row: row.attempts,
            gettext_lazy("Closed"): _moment("closed_at"),
            gettext_lazy("Outcome"): _choice("outcome", Outcome),
        },
    ),
    "origin": (
        gettext_lazy("Origin: way in, article, how they heard of us"),
        {
            gettext_lazy("By"): _choice("source", Source),
            gettext_lazy("Article"): _plain("article_title"),
            gettext_lazy("Heard of us from"): _choice("heard_from", HeardFrom),
            gettext_lazy("New or returning"): _choice("purpose", Purpose),
        },
    ),
    "wishes": (
        gettext_lazy("Wishes: days, therapist, insurance"),
        {
            gettext_lazy("Days"): lambda row: ", ".join(map(str, row.day_labels)),
            gettext_lazy("Parts of the day"): lambda row: ", ".join(map(str, row.part_labels)),
            gettext_lazy("Best time to call"): _choice("call_time", CallTime),
            gettext_lazy("Therapist"): _plain("therapist"),
            gettext_lazy("Payment"): _choice("payment", Payment),
            gettext_lazy("Insurance"): _plain("insurance_plan"),
            gettext_lazy("Referral"): _choice("referral", Referral),
        },
    ),
    "contact": (
        gettext_lazy("Contact: names, phone, e-mail"),
        {
            gettext_lazy("Full name"): _plain("full_name"),
            gettext_lazy("Patient’s name"): _plain("patient_name"),
            gettext_lazy("Phone"): _plain("phone"),
            gettext_lazy("E-mail"): _plain("email"),
        },
    ),
    "notes": (
        gettext_lazy("Notes and needs, as patients wrote them"),
        {gettext_lazy("Needs"): _plain("needs"), gettext_lazy("Notes"): _plain("notes")},
    ),
}
