"""The managers' page about the site itself: what runs, whether it works, and how it is set up. No secrets."""

import platform

import django
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import audit, trial_mail, version
from clinic.backup import history
from clinic.clock import spoken
from clinic.models import OutboxMessage, SelfTest, WorkerBeat
from clinic.site import health, roles
from clinic.site.watching import signs
from clinic.site.watching.addresses import alarm_addresses

SHOWN = 7


@require_safe
def state(request):
    """Show how the site is and how it is set up."""
    if not request.user.has_perm("clinic.view_selftest"):
        audit.record("access.denied", request=request)
        raise PermissionDenied
    now = timezone.now()
    tests = [(spoken_at(test.started_at, now), test) for test in SelfTest.objects.all()[:SHOWN]]
    context = {
        **admin.site.each_context(request),
        "title": _("This site"),
        "is_well": not health.trouble(now),
        "tests": tests,
        "panels": [
            (_("Mail"), list(_mail(now))),
            (_("Safety copies and space"), list(_keeping(now))),
            (_("Software"), list(_software(now))),
            (_("Settings"), list(_settings())),
        ],
    }
    return render(request, "admin/state.html", context)


def spoken_at(moment, now):
    """Say a moment in the site's own time zone; "never" for none."""
    zone = timezone.get_default_timezone()
    return spoken(moment, zone, now, settings.COUNTRY) if moment else _("Never")


def _mail(now):
    waiting = OutboxMessage.objects.waiting()
    beat = WorkerBeat.objects.aggregate(last=Max("at"))["last"]
    yield _("Worker last seen"), spoken_at(beat, now)
    yield _("Waiting"), waiting.count()
    if oldest := waiting.aggregate(oldest=Min("waiting_since"))["oldest"]:
        yield _("Oldest waits since"), spoken_at(oldest, now)
    yield _("Given up"), OutboxMessage.objects.failed().count()
    yield _("Mail server"), trial_mail.server() or _("None: mail goes into files")
    yield _("Comes from"), settings.DEFAULT_FROM_EMAIL
    yield _("Alarms go to"), ", ".join(alarm_addresses()) or _("Nobody")


def _keeping(now):
    yield _("Last whole backup"), spoken_at(history.last_verified(), now)
    yield _("Last copied off this machine"), spoken_at(history.last_copied(), now)
    labels = {"database": _("Free for the database"), "media": _("Free for pictures and documents")}
    for what, usage in signs.disks().items():
        sizes = {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
        yield labels[what], _("%(free)s of %(total)s") % sizes


def _software(now):
    yield _("Release"), version.number()
    yield "Django", django.get_version()
    yield "Python", platform.python_version()
    yield connection.display_name, ".".join(map(str, connection.get_database_version()))
    pending = signs.pending_migrations(signs.applied_migrations())
    yield _("Database"), ", ".join(pending) or _("Fits this release")
    yield _("Last migrated"), spoken_at(_last_migrated(), now)
    yield _("Roles"), _("Fit this release") if _roles_fit() else _("Differ: migrate again")


def _last_migrated():
    return MigrationRecorder.Migration.objects.aggregate(last=Max("applied"))["last"]


def _roles_fit():
    """Tell whether every role may exactly what this release says, as after each migrate."""
    given = {
        group.name: {f"{right.content_type.app_label}.{right.codename}" for right in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions__content_type")
    }
    return all(given.get(role) == roles.permission_names(role) for role in roles.ROLES)


def _settings():
    yield _("Address"), settings.SITE_URL
    yield _("Country of the emergency numbers"), settings.COUNTRY
    yield _("Time zone"), settings.TIME_ZONE
    yield _("Proxies trusted"), settings.TRUSTED_PROXY_COUNT
    yield _("Second step at sign-in"), _("Everyone needs one") if settings.REQUIRE_MFA else _("Off")
