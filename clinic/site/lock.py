"""The lock of the staff pages: what a locked session is shown, and what goes on meanwhile."""

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.site import kept_posts, known_browsers, presence, sign_in_again
from clinic.site.failures import database_down
from clinic.site.second_factors import is_for_staff

OPEN_WHILE_LOCKED = {
    "admin:logout",
    "admin:presence",
    "admin:presence_key",
    "admin:presence_lock",
    # Numbers alone: the view asks request.is_locked.
    "admin:appointments_appointmentrequest_news",
}


class PresenceMiddleware:
    """Stand before every staff page: ask who is there, keep what was posted, and note that it is used."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_locked = False
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not is_for_staff(request.path_info):
            return None
        try:
            return _refusal(request, view)
        except DatabaseError as error:
            # Raised inside a middleware, where the one for this does not see it.
            return database_down(request, error)


def _refusal(request, view):
    now = timezone.now()
    if not request.user.is_authenticated:
        if sign_in_again.keeps(request, view):
            return sign_in_again.answer(request)
        if _was_signed_out(request):
            messages.warning(request, _("You were signed out. Sign in again to go on."))
        return None
    request.is_locked = presence.is_locked(request, now)
    if request.is_locked:
        is_open = request.resolver_match.view_name in OPEN_WHILE_LOCKED
        return None if is_open else _locked(request, now)
    if getattr(view, "is_activity", True):
        presence.note_use(request.session, now)
    return None


def _was_signed_out(request):
    """Tell whether this browser, where somebody has signed in, still holds a session that was ended."""
    is_ended = request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.session.session_key is None
    return bool(is_ended and known_browsers.last_owner(request))


def _locked(request, now):
    """Ask to unlock; None once that is done."""
    form = presence.unlock(request, now) if kept_posts.FIELD in request.POST else None
    if form and not request.user.is_authenticated:
        has_post = request.POST[kept_posts.FIELD]
        return sign_in_again.answer(request) if has_post else redirect_to_login(request.get_full_path())
    if form and form.is_valid():
        request.is_locked = False
        return None
    context = {
        **admin.site.each_context(request),
        **presence.locked_out(request, now),
        "has_permission": False,
        "app_path": request.get_full_path(),
        "kept": kept_posts.of(request),
        "has_files": bool(request.FILES),
        "form": form,
    }
    response = TemplateResponse(request, "admin/locked.html", context, status=403)
    add_never_cache_headers(response)
    return response


@require_http_methods(["GET", "POST"])
def status(request):
    """Tell how it stands with the session; a post says that somebody is there, or unlocks."""
    now, errors = timezone.now(), {}
    if request.method == "POST" and not request.is_locked:
        presence.note_use(request.session, now)
    elif "password" in request.POST:
        errors = presence.unlock(request, now).errors
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
    said = [error for several in errors.values() for error in several]
    return JsonResponse({**presence.status(request, now), "errors": said})


@require_safe
def key_options(request):
    """Return what a browser needs to ask for this person's passkey."""
    return JsonResponse({"request_options": begin_authentication(request.user)})


@require_POST
def lock_now(request):
    """Lock the session at the wish of its person."""
    now, page = timezone.now(), request.POST.get("next", "")
    presence.lock(request, now, reason="wish")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(page)
    return JsonResponse(presence.status(request, now))


for view in (status, key_options, lock_now):
    view.is_activity = False


def urls(site):
    """Return the addresses by which pages ask after their session."""
    return [
        path("presence/", site.admin_view(status), name="presence"),
        path("presence/key/", site.admin_view(key_options), name="presence_key"),
        path("presence/lock/", site.admin_view(lock_now), name="presence_lock"),
    ]
