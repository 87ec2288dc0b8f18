"""A post that arrives while its sender is locked or signed out waits in the page that asks who is there.

It travels encrypted: whoever sits down at the desk finds nothing in the source of the page, and nothing
of it is stored. Passwords and files stay behind. Whoever was there, or was the last to sign in, is shown
what it says and sends it; nobody else may. Else a page left at the desk would act in the name of whoever
signs in there next.
"""

import json
import zlib

from cryptography.fernet import InvalidToken
from django.contrib import admin, messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from articles import html
from clinic import encryption
from clinic.site import known_browsers
from clinic.site.second_factors import is_for_staff

FIELD, CONSENT = "kept_post", "send_kept"
# What makes somebody powerful, or is somebody's word, is done from the start by who is there.
NEVER = {
    "access_review",
    "articles_carecard_approve",
    "staff_user_add",
    "staff_user_change",
    "staff_user_step",
}
NEVER_STEPS = {"check_again", "publish_unsigned", "sign_off"}
# Of a long text so much is enough to know it by.
SHOWN = 300


class KeptPostMiddleware:
    """Let a kept post go on once its writer is in, by all the steps of signing in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_in = is_for_staff(request.path_info) and request.user.is_authenticated
        return go_on(request) if is_in else None


def of(request):
    """Return the post to be kept, the one just sent or the one kept before; nothing if there is none."""
    if FIELD in request.POST:
        return request.POST[FIELD]
    return _seal(request) if _can_wait(request) else ""


def go_on(request):
    """Let a kept post take the place of the one that brought it, once its writer has seen it and agrees.

    A page that kept none is asked for anew.
    """
    if FIELD not in request.POST:
        return None
    if not request.POST[FIELD]:
        return HttpResponseRedirect(request.get_full_path())
    writer, post = _unseal(request)
    if writer != known_browsers.owner_of(request.user.email):
        messages.warning(request, _("A colleague filled in this page before. It was not saved."))
        return HttpResponseRedirect(request.get_full_path())
    if CONSENT not in request.POST:
        return _shown(request, post)
    request.POST = post
    return None


def _shown(request, post):
    said = [(_label(name), html.plain_text(", ".join(values))[:SHOWN]) for name, values in post.lists()]
    context = {
        **admin.site.each_context(request),
        "app_path": request.get_full_path(),
        "kept": request.POST[FIELD],
        # Bare numbers are ids and versions.
        "said": [(name, value) for name, value in said if value and not value.isdigit()],
    }
    response = TemplateResponse(request, "admin/kept_post.html", context)
    add_never_cache_headers(response)
    return response


def _label(name):
    return name.replace("_", " ").replace("-", " ")


def _can_wait(request):
    match = request.resolver_match
    if match.namespace != "admin":
        return False
    is_text = match.url_name not in NEVER and match.kwargs.get("step") not in NEVER_STEPS
    return request.method == "POST" and is_text and bool(_writer(request))


def _writer(request):
    """Return what stands for who typed it: who is signed in, or was last in this browser."""
    user = request.user
    return (
        known_browsers.owner_of(user.email) if user.is_authenticated else known_browsers.last_owner(request)
    )


def _seal(request):
    fields = [
        (name, values)
        for name, values in request.POST.lists()
        if "password" not in name and name != "csrfmiddlewaretoken"
    ]
    plain = json.dumps([_writer(request), request.get_full_path(), fields])
    # A long article is packed, so that a post never outgrows itself by being kept.
    return _cipher().encrypt(zlib.compress(plain.encode())).decode()


def _unseal(request):
    try:
        writer, path, fields = json.loads(zlib.decompress(_cipher().decrypt(request.POST[FIELD])))
    except (InvalidToken, ValueError) as error:
        raise SuspiciousOperation("This post was not kept here.") from error
    if path != request.get_full_path():
        raise SuspiciousOperation("This post was kept for another page.")
    post = QueryDict(mutable=True)
    for name, values in fields:
        post.setlist(name, values)
    return writer, post


def _cipher():
    return encryption.cipher("kept posts")
