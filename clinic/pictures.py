"""Take a picture in: decode it, drop everything but the pixels, and write it anew in several widths."""

import io
import secrets
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from clinic.models import Picture

KINDS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 8_000
WEBP_QUALITY = 80


def open_safely(file):
    """Return the decoded picture of an upload, upright and in sRGB colours.

    Kinds are told by content, never by name. Raises ValidationError with a sentence for people.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(_("The picture must be 10 MB or smaller."))
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a small file that unpacks to a huge picture.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=KINDS)
            if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("The picture must be 8,000 pixels wide and high or smaller."))
            if getattr(image, "n_frames", 1) > 1:
                raise ValidationError(_("The picture must not move."))
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("Upload a JPEG, PNG or WebP picture that opens on your screen.")) from error
    except Image.DecompressionBombWarning as error:
        raise ValidationError(_("The picture must be 8,000 pixels wide and high or smaller.")) from error
    return _as_rgb(ImageOps.exif_transpose(image))


def _as_rgb(image):
    has_transparency = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if has_transparency else "RGB")


@transaction.atomic
def store(image, *, title, alt, caption="", credit="", by=None):
    """Store a decoded picture with its WebP copies and return its row.

    Metadata stays behind: only pixels are written.
    """
    name = f"pictures/{secrets.token_hex(8)}"
    kind, suffix = ("PNG", "png") if image.mode == "RGBA" else ("JPEG", "jpg")
    picture = Picture(title=title, alt=alt, caption=caption, credit=credit, created_by=by)
    picture.width, picture.height = image.size
    picture.file.name = default_storage.save(f"{name}.{suffix}", _encoded(image, kind, quality=90))
    for width in picture.widths:
        copy = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
        default_storage.save(picture.copy_name(width), _encoded(copy, "WEBP", quality=WEBP_QUALITY))
    picture.save()
    return picture


def _encoded(image, kind, *, quality):
    buffer = io.BytesIO()
    # A fresh picture, because the decoded one still carries its EXIF, ICC and XMP blocks.
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    clean.save(buffer, kind, quality=quality)
    return ContentFile(buffer.getvalue())
