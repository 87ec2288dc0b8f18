"""Who signed in, how people came and went, and what the site did itself, in the words of the audit trail."""

from django.utils.translation import gettext_lazy as _

from clinic.audit_actions import register

register(
    {
        "access.denied": _("Access to a manager’s page refused"),
        "access.exported": _("Access review exported"),
        "access.reviewed": _("Access reviewed"),
        "alarm.ended": _("Alarm ended"),
        "alarm.raised": _("Alarm raised"),
        "backup.made": _("Backup made"),
        "backup.restored": _("Backup restored"),
        "invitation.accepted": _("Invitation accepted"),
        "login": _("Signed in"),
        "login.failed": _("Sign-in failed"),
        "logout": _("Signed out"),
        "password.asked": _("New password asked for"),
        "person.denied": _("Access to people refused"),
        "person.invited": _("Person invited"),
        "person.left": _("Person has left"),
        "person.password_link_sent": _("Link for a new password sent"),
        "person.returned": _("Person let in again"),
        "person.signed_out": _("Person signed out everywhere"),
        "second_factor.failed": _("Second step failed"),
        "session.ended": _("Other sessions ended"),
        "session.locked": _("Screen locked"),
        "session.unlocked": _("Screen unlocked"),
        "setting.role_changed": _("Roles changed"),
        "unlock.failed": _("Unlocking failed"),
    }
)
