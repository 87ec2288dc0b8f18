"""Decode a picture and write it anew in several widths; clinic.apart runs this, without Django.

Metadata stays behind: only pixels are written, upright and in sRGB colors.
"""

import base64
import io
import json
import sys
import warnings
from dataclasses import asdict, dataclass

from PIL import Image, ImageCms, ImageOps

KINDS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
MAX_SIDE = 8_000
# Widths, in pixels, at which a WebP copy is made; never wider than the original.
WIDTHS = (400, 800, 1200, 1600)
WEBP_QUALITY = 80
JPEG_QUALITY = 90


class Refused(ValueError):
    """A picture that we don't take; the message is a code, worded in clinic.pictures."""


@dataclass(frozen=True)
class Encoded:
    """A picture as it is stored: the original written anew, and its WebP copies by width."""

    width: int
    height: int
    original: bytes
    copies: dict[int, bytes]

    @property
    def suffix(self):
        return "png" if self.original.startswith(b"\x89PNG") else "jpg"

    def packed(self):
        """Return it as JSON."""
        return json.dumps(asdict(self), default=lambda content: base64.b64encode(content).decode())

    @classmethod
    def unpacked(cls, answer):
        """Return what `packed` has made into JSON, once that is read."""
        return cls(
            width=answer["width"],
            height=answer["height"],
            original=base64.b64decode(answer["original"]),
            copies={int(width): base64.b64decode(copy) for width, copy in answer["copies"].items()},
        )


def widths_of(width):
    """Return the widths of the copies of a picture this wide, narrowest first."""
    widest = min(width, WIDTHS[-1])
    return [narrower for narrower in WIDTHS if narrower < widest] + [widest]


def decode(file):
    """Return the picture in a file, upright and in sRGB; its kind is told by content, never by name."""
    with warnings.catch_warnings():
        # Pillow only warns of a small file that unpacks to a huge picture.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(file, formats=KINDS)
            if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
                raise Refused("large")
            if getattr(image, "n_frames", 1) > 1:
                raise Refused("moving")
            image.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise Refused("large") from error
        except (OSError, SyntaxError) as error:
            raise Refused("unreadable") from error
    return _in_srgb(ImageOps.exif_transpose(image))


def encode(image):
    """Return a decoded picture as it is stored."""
    # A decoded picture still carries its EXIF, ICC and XMP blocks, which Pillow may write again.
    image.info = {}
    copies = {}
    for width in widths_of(image.width):
        size = (width, max(1, round(image.height * width / image.width)))
        copies[width] = _bytes(
            image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3), "WEBP", WEBP_QUALITY
        )
    kind = "PNG" if image.mode == "RGBA" else "JPEG"
    return Encoded(*image.size, _bytes(image, kind, JPEG_QUALITY), copies)


def _in_srgb(image):
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        # Gray of 16 bits, of which Pillow would show all but the darkest 255 shades as white.
        image = image.convert("I").point(lambda shade: shade / 257).convert("L")
    has_transparency = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if has_transparency else "RGB"
    if has_transparency or image.mode not in ("L", "CMYK"):
        image = image.convert(mode)
    return _by_profile(image, profile, mode) if profile else image.convert(mode)


def _by_profile(image, profile, mode):
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode=mode,
        )
    except (ImageCms.PyCMSError, OSError):
        # Damaged, or of another color space than the picture: browsers pass over such a profile too.
        return image.convert(mode)


def _bytes(image, kind, quality):
    buffer = io.BytesIO()
    image.save(buffer, kind, quality=quality)
    return buffer.getvalue()


if __name__ == "__main__":
    try:
        sys.stdout.write(encode(decode(io.BytesIO(sys.stdin.buffer.read()))).packed())
    except Refused as refusal:
        json.dump({"refused": str(refusal)}, sys.stdout)
