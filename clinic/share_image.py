"""The picture that a shared link shows: a title, the clinic's name and its mark, drawn once and kept."""

import hashlib
import io
import logging
import textwrap
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from clinic import mark
from clinic.colors import hex_of

log = logging.getLogger(__name__)

# Change it with the drawing, so that pictures kept from before are drawn anew.
DESIGN = "2"
SIZE = (1200, 630)
MARGIN = 80
MARK_SIDE = 88
MARK_CORNER = (MARGIN, SIZE[1] - MARGIN - MARK_SIDE)
# Where words stand (left, top, right, bottom), and how large, in pixels.
TITLE_BOX, TITLE_SIZES = (MARGIN, MARGIN, SIZE[0] - MARGIN, 410), (104, 90, 80, 70, 60, 52, 44)
NAME_BOX, NAME_SIZES = (196, MARK_CORNER[1], 860, MARK_CORNER[1] + MARK_SIDE), (38, 32, 27, 23)
PNG_END = b"IEND\xaeB`\x82"
LEADING = 1.18
BOLD = 700
PAPER = "#fdfaf4"
# Lightness and chroma of --ink in tokens.css.
INK = (0.27, 0.03)
STATIC = Path(__file__).parent / "static" / "clinic"


def png(title, clinic):
    """Return the picture for a clinic's stored facts; one that cannot be kept is drawn anew each time."""
    name, hue, logo = clinic["name"], clinic.get("hue", mark.DEFAULT_HUE), clinic.get("logo")
    # Our mark would contradict a logo of the clinic's own.
    shown = [title, name, hue, not logo]
    digest = hashlib.sha256("\n".join(map(str, [DESIGN, *shown])).encode()).hexdigest()
    path = f"share/{digest[:32]}.png"
    picture = _kept(path)
    if picture is None:
        picture = draw(*shown)
        _keep(path, picture)
    return picture


def _kept(name):
    try:
        with default_storage.open(name) as file:
            picture = file.read()
    except OSError:
        return None
    # A machine that stopped while writing has left half a picture.
    return picture if picture.endswith(PNG_END) else None


def _keep(name, picture):
    try:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(picture))
    except OSError:
        log.exception("share_image.not_kept")


def draw(title, clinic_name, hue=mark.DEFAULT_HUE, with_mark=True):
    """Draw the picture; a title that the font cannot write gives way to the clinic's name."""
    title, clinic_name = (" ".join(text.split()) for text in (title, clinic_name))
    if not title or not _can_write(title):
        title, clinic_name = clinic_name, ""
    image = Image.new("RGB", SIZE, PAPER)
    _draw_brand(image, hue, with_mark)
    ink = hex_of(*INK, hue)
    _write(image, title, ink, TITLE_BOX, TITLE_SIZES)
    left, *rest = NAME_BOX
    _write(image, clinic_name, ink, (left if with_mark else MARGIN, *rest), NAME_SIZES)
    buffer = io.BytesIO()
    image.quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw_brand(image, hue, with_mark):
    """Draw the mark on its rounded square, and two large discs, one in its color, that leave the picture."""
    if with_mark:
        image.paste(mark.draw(hue, MARK_SIDE), MARK_CORNER, _rounded(MARK_SIDE, MARK_SIDE // 4))
    for color, side, corner in ((mark.SAND, 250, (880, 500)), (mark.brand(hue), 330, (1000, 410))):
        image.paste(color, (*corner, corner[0] + side, corner[1] + side), _rounded(side, side // 2))


def _rounded(side, radius):
    """Return the mask of a square with round corners."""
    # Drawn four times as large, because Pillow's edges are hard.
    mask = Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side * 4 - 1, side * 4 - 1), radius * 4, fill=255)
    return mask.resize((side, side))


def _write(image, text, ink, box, sizes):
    """Write a text into a box, in the largest of these sizes that fits; what the font lacks is left out."""
    if not text or not _can_write(text):
        return
    left, top, right, bottom = box
    for size in sizes:
        font = _font(size)
        lines = _wrapped(text, font, right - left)
        if len(lines) * size * LEADING <= bottom - top:
            break
    ImageDraw.Draw(image).multiline_text((left, (top + bottom) / 2), "\n".join(lines), ink, font, "lm")


def _font(size):
    font = ImageFont.truetype(STATIC / "fonts" / "atkinson-hyperlegible-next.woff2", size)
    font.set_variation_by_axes([BOLD])
    return font


def _can_write(text):
    """Tell whether the font has every letter: it draws nothing for one that it lacks."""
    font = _font(TITLE_SIZES[0])
    return all(font.getmask(letter).getbbox() for letter in set(text) - {" "})


def _wrapped(text, font, width):
    """Return the text in as few lines as the width allows, even ones; a word too long for one is cut."""
    wraps = [textwrap.wrap(text, letters) for letters in range(len(text), 0, -1)]
    fitting = [lines for lines in wraps if max(map(font.getlength, lines)) <= width]
    return [lines for lines in fitting if len(lines) == len(fitting[0])][-1]
