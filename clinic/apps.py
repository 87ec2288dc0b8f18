from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from clinic import checks, mail_kinds, stock_words


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = _("Clinic")

    def ready(self):
        stock_words.use()
        register(checks.durable_database, Tags.database)
        for check in (checks.nothing_lies_open, checks.trusted_proxy, checks.mail_leaves_the_machine):
            register(check, Tags.security, deploy=True)
        mail_kinds.register("test_mail", "clinic.trial_mail.letter", _("Test mail"))
        # Each app's `links` says which of its addresses lead somewhere, `picture_uses` what shows pictures,
        # `retention` what is forgotten some day, `audit_actions` what its lines of the trail are called.
        autodiscover_modules("links", "picture_uses", "retention", "audit_actions")
