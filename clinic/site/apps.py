from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from clinic import mail_kinds
from clinic.site import roles

MAILS = {
    "self_test": ("clinic.site.watching.emails.self_test", _("Daily self-test")),
    "site_alarm": ("clinic.site.watching.emails.site_alarm", _("State of the site, for alarm addresses")),
}


class SiteConfig(AppConfig):
    name = "clinic.site"
    label = "site"
    verbose_name = _("Site")

    def ready(self):
        # The last app with permissions of ours; Django creates those in the same round, before us.
        post_migrate.connect(roles.synchronise, sender=self.apps.get_app_config("appointments"))
        for kind, (maker, label) in MAILS.items():
            mail_kinds.register(kind, maker, label)


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.site.admin_site.ClinicAdminSite"
