from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds

MAILS = {
    "sign_off_asked": ("articles.emails.sign_off_asked", _("Article to sign off, for a clinician")),
    "schedule_missed": ("articles.emails.schedule_missed", _("Article that did not go public")),
    "wording_corrected": ("articles.emails.wording_corrected", _("Corrected wording, for its signer")),
    "checks_due": ("articles.emails.checks_due", _("Articles to check again, for a clinician")),
    "checks_overdue": ("articles.emails.checks_overdue", _("Checks that are due, for the managers")),
}


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self):
        for kind, (maker, label) in MAILS.items():
            mail_kinds.register(kind, maker, label)
