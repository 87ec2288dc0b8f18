"""A post that arrives while its sender is locked or signed out waits in the page that asks who is there.

It travels encrypted: whoever sits down at the desk finds nothing in the source of the page, and nothing
of it is stored. Passwords and files stay behind.
"""

import json
import zlib

from cryptography.fernet import InvalidToken
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseRedirect, QueryDict

from clinic import encryption

FIELD = "kept_post"


def of(request):
    """Return the post that this page keeps: the one just sent, or the one kept before."""
    if FIELD in request.POST:
        return request.POST[FIELD]
    return _seal(request) if request.method == "POST" else ""


def go_on(request):
    """Let a kept post take the place of the one that brought it; a page that kept none is asked for anew."""
    if FIELD not in request.POST:
        return None
    if not request.POST[FIELD]:
        return HttpResponseRedirect(request.get_full_path())
    request.POST = _unseal(request)
    return None


def _seal(request):
    fields = [
        (name, values)
        for name, values in request.POST.lists()
        if "password" not in name and name != "csrfmiddlewaretoken"
    ]
    plain = json.dumps([request.get_full_path(), fields])
    # A long article is packed, so that a post never outgrows itself by being kept.
    return _cipher().encrypt(zlib.compress(plain.encode())).decode()


def _unseal(request):
    try:
        path, fields = json.loads(zlib.decompress(_cipher().decrypt(request.POST[FIELD])))
    except (InvalidToken, ValueError) as error:
        raise SuspiciousOperation("This post was not kept here.") from error
    if path != request.get_full_path():
        raise SuspiciousOperation("This post was kept for another page.")
    post = QueryDict(mutable=True)
    for name, values in fields:
        post.setlist(name, values)
    return post


def _cipher():
    return encryption.cipher("kept posts")
