"""Serve uploaded files where no proxy does it: pictures as pictures, all else as a download."""

from django.conf import settings
from django.views.decorators.http import require_safe
from django.views.static import serve as serve_file

PICTURE_TYPES = {".webp", ".jpg", ".png"}
A_YEAR = 365 * 24 * 60 * 60


@require_safe
def serve(request, path):
    """Return one file of MEDIA_ROOT, in a sandbox of its own.

    Names are random and files never change, so browsers may keep them.
    """
    response = serve_file(request, path, document_root=settings.MEDIA_ROOT)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    if not path.endswith(tuple(PICTURE_TYPES)):
        response["Content-Disposition"] = "attachment"
    return response
