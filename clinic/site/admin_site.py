from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from clinic import version
from clinic.site import access_review, dashboard, health, lock, navigation, presence, state
from clinic.site.context import of as context_of
from clinic.site.new_password import OwnPasswordForm
from clinic.site.on_site import on_site
from clinic.site.watching.alarms import ALARMS, WARNINGS
from staff import account_changes


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

    def password_change(self, request, extra_context=None):
        request.current_app = self.name
        response = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)
        if response.status_code == 302:
            account_changes.note("password.changed", request.user, request=request)
            # Django has given this session a new key; the others are over.
            UserSession.objects.create_from_request(request)
        return response

    def each_context(self, request):
        clinic = context_of(request)
        context = {**super().each_context(request), "look": clinic.look, "site_name": clinic.clinic["name"]}
        if context["has_permission"]:
            context["alarms"] = [ALARMS[code] for code in health.trouble(timezone.now())]
            context["navigation"] = navigation.of(request, context["available_apps"])
            context["presence"] = presence.of(request, timezone.now())
        if request.user.has_perm("clinic.view_selftest"):
            context["warnings"] = [WARNINGS[code] for code in health.warnings()]
            context["version"] = version.number()
        return context

    def index(self, request, extra_context=None):
        context = dashboard.context(request, timezone.now())
        counted = navigation.of(request, self.get_app_list(request), context["counts"])
        return super().index(request, {**context, "navigation": counted, **(extra_context or {})})

    def get_urls(self):
        review = self.admin_view(access_review.access_review)
        return [
            path("access-review/", review, name="access_review"),
            path("state/", self.admin_view(state.state), name="state"),
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(on_site), name="view_on_site"),
            *lock.urls(self),
            *super().get_urls(),
        ]
