"""Serve uploaded files where no proxy does it: pictures as pictures, documents as downloads, nothing else."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve as serve_file

from clinic.models import Document

PICTURE_TYPES = (".webp", ".jpg", ".png")
A_YEAR = 365 * 24 * 60 * 60
SANDBOX = "sandbox; default-src 'none'"


@require_safe
def serve(request, path):
    """Return one picture of MEDIA_ROOT, in a sandbox of its own.

    Names are random and files never change, so browsers may keep them. Documents have addresses
    of their own, which know whether they are shown.
    """
    if not path.endswith(PICTURE_TYPES):
        raise Http404
    response = serve_file(request, path, document_root=settings.MEDIA_ROOT)
    # The proxies in deploy/ send the same headers without asking us, and they know no names of downloads.
    del response["Content-Disposition"]
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@require_safe
@cache_control(no_cache=True)
def document(request, slug):
    """Return a listed document as a download."""
    found = get_object_or_404(Document.objects.listed(), slug=slug)
    try:
        file = found.file.open()
    except FileNotFoundError as error:
        # Replaced this very moment, or left out of a backup.
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=f"{slug}.pdf", content_type="application/pdf")
    response["Content-Security-Policy"] = SANDBOX
    return response
