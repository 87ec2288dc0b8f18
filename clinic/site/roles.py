"""Who may do what: four roles and one extra duty, one table, synchronised after every migrate."""

from django.apps import apps as global_apps

WRITE = ("view", "add", "change")

ROLES = {
    "Editor": {
        "articles.article": WRITE,
        "articles.topic": WRITE,
        "articles.mistakereport": ("view", "change"),
        "articles.carecard": ("view",),
        "clinic.picture": (*WRITE, "delete"),
        "clinic.document": (*WRITE, "delete"),
        "clinic.page": WRITE,
        "clinic.redirect": (*WRITE, "delete"),
        "clinic.brokenlink": ("view",),
        "staff.therapist": ("view",),
        "+": ("articles.publish",),
    },
    "Clinician": {
        "articles.article": ("view",),
        "articles.mistakereport": ("view", "change"),
        "articles.carecard": ("view", "change"),
        "articles.topic": ("view",),
        "staff.therapist": ("view",),
        "+": ("articles.sign_off",),
    },
    "Front desk": {
        "appointments.appointmentrequest": ("view", "change"),
        "clinic.closure": WRITE,
        "clinic.notice": (*WRITE, "delete"),
    },
    "Manager": {
        "appointments.appointmentrequest": ("view", "change"),
        "articles.article": ("view",),
        "articles.mistakereport": ("view", "change"),
        "articles.topic": WRITE,
        "articles.carecard": WRITE,
        "clinic.clinic": ("view", "change"),
        "clinic.location": WRITE,
        "clinic.closure": (*WRITE, "delete"),
        "clinic.notice": (*WRITE, "delete"),
        "clinic.insuranceplan": WRITE,
        "clinic.redirect": (*WRITE, "delete"),
        "clinic.brokenlink": ("view",),
        "clinic.page": WRITE,
        "clinic.picture": (*WRITE, "delete"),
        "clinic.document": (*WRITE, "delete"),
        "clinic.outboxmessage": ("view", "change"),
        "clinic.auditevent": ("view",),
        "clinic.backup": ("view",),
        "clinic.selftest": ("view",),
        "clinic.retentionperiod": (*WRITE, "delete"),
        "staff.therapist": WRITE,
        "staff.credential": (*WRITE, "delete"),
        "staff.user": WRITE,
        "+": (
            "appointments.view_every_location",
            "appointments.view_reports",
            "appointments.export_requests",
            "appointments.erase_requests",
            "articles.publish_unreviewed",
            "articles.publish",
        ),
    },
    # A duty beside the role of a clinician: safety words are one person's to answer for.
    "Clinical lead": {
        "articles.carecard": ("view", "change"),
        "+": ("articles.approve_carecard",),
    },
}


def permission_names(role):
    """Return the permissions of a role as "app.codename" strings."""
    table = dict(ROLES[role])
    extra = table.pop("+", ())
    models = (model.split(".") for model in table)
    return {
        *extra,
        *(f"{app}.{action}_{model}" for app, model in models for action in table[f"{app}.{model}"]),
    }


def synchronise(apps=global_apps, **kwargs):
    """Make each role's group hold exactly the permissions of the table; run after every migrate."""
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in apps.get_model("auth.Permission").objects.select_related("content_type")
    }
    for role in ROLES:
        group, _ = apps.get_model("auth.Group").objects.get_or_create(name=role)
        # Some do not exist after a migration backwards, or of one app alone.
        group.permissions.set(by_name[name] for name in permission_names(role) & by_name.keys())
