"""What the actions in the audit trail are called; free of models, so that the trail's own can ask.

Each app names the actions that it records in its module `audit_actions`. The trail keeps their codes.
"""

from django.utils.translation import gettext_lazy as _

_labels = {}


def register(labels):
    """Name actions: a label for each code."""
    _labels.update(labels)


def label_of(action):
    """Return what an action is called, or its code if no app names it any more."""
    return _labels.get(action, action)


register(
    {
        "location.paused": _("Online requests paused"),
        "location.reopened": _("Online requests open again"),
        "mail.sent_again": _("Mail sent again"),
        "mail.tested": _("Test mail asked for"),
        "page.published": _("Page published"),
        "picture.replaced": _("Picture replaced"),
        "setting.added": _("Setting added"),
        "setting.changed": _("Setting changed"),
        "setting.deleted": _("Setting deleted"),
        "setting.denied": _("Access to settings refused"),
        "setting.imported": _("Closures imported"),
    }
)
