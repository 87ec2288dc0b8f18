"""Everybody's own account: allauth's views in the frame of the staff pages, under /admin/account/."""

from functools import wraps

from allauth.account import views as account
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.totp.forms import DeactivateTOTPForm
from allauth.mfa.webauthn import views as keys
from django.contrib import admin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpResponseRedirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clinic.site import forgotten, second_factors, sessions, sign_in, welcome


def framed(view):
    """Wrap a view so that its template finds what the frame of the staff pages shows."""

    @never_cache
    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if hasattr(response, "context_data") and not response.is_rendered:
            response.context_data = {
                **admin.site.each_context(request),
                "must_have_one": second_factors.must_have_one(request.user),
                **(response.context_data or {}),
            }
        return response

    return inner


@require_POST
def begin_again(request):
    """Forget whose password was right, so that someone else can sign in."""
    if not request.user.is_authenticated:
        clear_login(request)
    return HttpResponseRedirect(reverse("account_login"))


class SignInWithKeyView(keys.LoginWebAuthnView):
    def form_invalid(self, form):
        return sign_in.refuse_passkey(self.request)


class RemoveKeyView(keys.RemoveWebAuthnView):
    """allauth asks before an app goes whether it may; this asks the same before a key does."""

    form_class = DeactivateTOTPForm
    success_url = reverse_lazy("mfa_index")

    def get_form_kwargs(self):
        # Bound at once, so that the page says before anything is asked that the key has to stay.
        return {"data": {}, **super().get_form_kwargs(), "authenticator": self.object}


class RenameKeyView(SuccessMessageMixin, keys.EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")
    success_message = _("The key is called “%(name)s” now.")


urlpatterns = [
    path("", framed(factors.index), name="mfa_index"),
    path("second-step/", framed(factors.authenticate), name="mfa_authenticate"),
    path("second-step/cancel/", begin_again, name="mfa_begin_again"),
    path("welcome/<str:token>/", framed(welcome.welcome), name="account_welcome"),
    path("forgotten/", framed(forgotten.forgotten), name="account_reset_password"),
    path("forgotten/sent/", framed(forgotten.forgotten_sent), name="account_reset_password_done"),
    path("confirm/", framed(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", framed(factors.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/key/", framed(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("keys/add/", framed(keys.add_webauthn), name="mfa_add_webauthn"),
    path("keys/sign-in/", framed(SignInWithKeyView.as_view()), name="mfa_login_webauthn"),
    path("keys/<int:pk>/remove/", framed(RemoveKeyView.as_view()), name="mfa_remove_webauthn"),
    path("keys/<int:pk>/name/", framed(RenameKeyView.as_view()), name="mfa_edit_webauthn"),
    path("app/add/", framed(app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", framed(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", framed(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", framed(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("sessions/", framed(sessions.session_list), name="usersessions_list"),
]
