from allauth.account.views import LoginView
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from clinic import audit
from clinic.site import access_review, dashboard, health, navigation
from clinic.site.context import of as context_of

# What is wrong and what to do about it, for each code of clinic.site.health.
ALARMS = {
    "database": _("The database does not answer. Call whoever looks after the site."),
    "worker-silent": _(
        "No mail is going out: the worker has stopped. Tell whoever runs the site. Watch the inbox."
    ),
    "mail-failed": _("Some mail was given up. Look at the outgoing mail and send it again."),
    "mail-late": _("Mail has been waiting for over 15 minutes. Check the mail server, and watch the inbox."),
}


class ClinicAdminSite(admin.AdminSite):
    site_header = _("Clinic staff pages")
    site_title = _("Clinic staff pages")
    index_title = _("What is waiting")
    # Ours stands in the header: clinic/site/navigation.py.
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        """Never let a staff page be stored, not even those that Django calls cacheable."""
        return super().admin_view(view)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Sign in by allauth's view; whoever is in, and may not open the staff pages, is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        context = {**self.each_context(request), "app_path": request.get_full_path(), **(extra_context or {})}
        return LoginView.as_view(template_name="admin/login.html", extra_context=context)(request)

    def each_context(self, request):
        clinic = context_of(request)
        context = {**super().each_context(request), "look": clinic.look, "site_name": clinic.clinic["name"]}
        if context["has_permission"]:
            context["alarms"] = [ALARMS[code] for code in health.trouble(timezone.now())]
            context["navigation"] = navigation.of(request, context["available_apps"])
        return context

    def index(self, request, extra_context=None):
        context = dashboard.context(request, timezone.now())
        counted = navigation.of(request, self.get_app_list(request), context["counts"])
        return super().index(request, {**context, "navigation": counted, **(extra_context or {})})

    def get_urls(self):
        review = self.admin_view(access_review.access_review)
        return [path("access-review/", review, name="access_review"), *super().get_urls()]

    def password_change(self, request, extra_context=None):
        response = super().password_change(request, extra_context)
        if response.status_code == 302:
            audit.record("password.changed", subject=f"person {request.user.pk}", request=request)
        return response
