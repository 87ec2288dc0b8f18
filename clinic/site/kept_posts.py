"""A post that arrives while its sender is locked or signed out waits in the page that asks who is there.

It travels encrypted: whoever sits down at the desk finds nothing in the source of the page, and nothing
of it is stored. Passwords and files stay behind. It goes on for the one who typed it alone, or somebody
could leave a page at the desk that acts in the name of whoever signs in there next.
"""

import json
import zlib

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseRedirect, QueryDict
from django.utils.translation import gettext_lazy as _

from clinic import encryption
from clinic.site import known_browsers

FIELD = "kept_post"
# What makes somebody powerful, or is somebody's word, nobody does by a page that was left there.
NEVER = {"staff_user_add", "staff_user_change", "staff_user_step", "articles_carecard_approve"}
NEVER_STEPS = {"sign_off"}


def of(request):
    """Return the post to be kept, the one just sent or the one kept before; nothing if there is none."""
    if FIELD in request.POST:
        return request.POST[FIELD]
    return _seal(request) if _can_wait(request) else ""


def go_on(request):
    """Let a kept post take the place of the one that brought it; a page that kept none is asked for anew."""
    if FIELD not in request.POST:
        return None
    if not request.POST[FIELD]:
        return HttpResponseRedirect(request.get_full_path())
    writer, post = _unseal(request)
    if writer != known_browsers.owner_of(request.user.email):
        messages.warning(request, _("A colleague filled in this page before. It was not saved."))
        return HttpResponseRedirect(request.get_full_path())
    request.POST = post
    return None


def _can_wait(request):
    match = request.resolver_match
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
