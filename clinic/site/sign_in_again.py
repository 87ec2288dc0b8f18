"""What is posted after its writer's session has ended waits in the sign-in page, through both its steps."""

from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from clinic.site import kept_posts, passkey_forms
from clinic.site.sign_in import SignInForm


def keeps(request, view):
    """Tell whether this is the post of a staff page that somebody has filled in."""
    match = request.resolver_match
    return (
        match.namespace == "admin"
        and match.url_name not in ("login", "logout")
        and getattr(view, "is_activity", True)
        and bool(kept_posts.of(request))
    )


def answer(request):
    """Ask who is there, one step after the other; None once somebody has signed in."""
    stage = get_pending_stage(request)
    form = _second_step(request, stage) if stage else _first_step(request)
    if form.is_valid():
        _take(request, stage, form)
        if request.user.is_authenticated:
            return None
        stage, form = get_pending_stage(request), None
    return _page(request, stage, form)


def _first_step(request):
    typed = _typed(request)
    if typed.get("credential"):
        return passkey_forms.LoginForm(typed)
    return SignInForm(typed if "login" in typed else None, request=request)


def _second_step(request, stage):
    typed, user = _typed(request), stage.login.user
    if typed.get("credential"):
        return passkey_forms.AuthenticateForm(typed, user=user)
    return AuthenticateForm(typed if "code" in typed else None, user=user)


def _typed(request):
    """Return the answer to our question, whose names the post that is to be kept may have as well."""
    return request.POST if kept_posts.FIELD in request.POST else {}


def _take(request, stage, form):
    try:
        if stage:
            form.save()
            stage.exit()
        elif isinstance(form, passkey_forms.LoginForm):
            key = form.cleaned_data["credential"]
            perform_passwordless_login(request, key, Login(user=key.user))
        else:
            form.login(request)
    except ImmediateHttpResponse:
        # Whoever may not sign in is asked again.
        return


def _page(request, stage, form):
    by_key = isinstance(form, passkey_forms.LoginForm | passkey_forms.AuthenticateForm)
    name = "sign_in_again_code" if stage else "sign_in_again"
    fresh = AuthenticateForm(user=stage.login.user) if stage else SignInForm(request=request)
    context = {
        **admin.site.each_context(request),
        "app_path": request.get_full_path(),
        "kept": kept_posts.of(request),
        "has_files": bool(request.FILES),
        "form": fresh if by_key or form is None else form,
        "has_failed": by_key,
        "js_data": {"request_options": begin_authentication(stage.login.user)} if stage else None,
    }
    response = TemplateResponse(request, f"admin/{name}.html", context, status=403)
    add_never_cache_headers(response)
    return response
