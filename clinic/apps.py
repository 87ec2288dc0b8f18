from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from clinic import checks, stock_words


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = _("Clinic")

    def ready(self):
        stock_words.use()
        register(checks.durable_database, Tags.database)
        # Each app's `links` says which of its addresses lead somewhere, `picture_uses` what shows pictures.
        autodiscover_modules("links", "picture_uses")
