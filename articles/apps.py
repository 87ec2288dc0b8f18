from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self):
        mail_kinds.register("sign_off_asked", "articles.emails.sign_off_asked")
        mail_kinds.register("schedule_missed", "articles.emails.schedule_missed")
        mail_kinds.register("wording_corrected", "articles.emails.wording_corrected")
        mail_kinds.register("checks_due", "articles.emails.checks_due")
        mail_kinds.register("checks_overdue", "articles.emails.checks_overdue")
