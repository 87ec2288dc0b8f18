"""What comes in as a picture goes out as our own: pixels only, in known sizes and colors."""

import contextlib
import io
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from clinic import picture_child, pictures
from clinic.models import Picture
from tests import builders, color_cards
from tests.color_cards import difference, lab_of_adobe, lab_of_srgb, saved

CANARY = b"GPS 41.88 N 87.62 W"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>%s</x:xmpmeta>" % CANARY
# 25 kB that unpack to 196 million pixels.
BOMB = color_cards.png(14_000, 14_000, depth=1, kind=0, rows=bytes(1_751 * 14_000))


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def drawn(kind="JPEG", size=(640, 480), mode="RGB", **options):
    color = {"P": 7, "L": 100, "1": 1}.get(mode, "teal")
    return saved(Image.new(mode, size, color), kind, **options)


def encoded(content):
    """Decode and encode in this process, which is as good for what the rules are about, and quicker."""
    return picture_child.encode(picture_child.decode(io.BytesIO(content)))


def stored(content):
    """Take a picture in, and return its row with its stored files, opened, the original first."""
    picture = pictures.store(pictures.open_safely(upload(content)), title="Room", alt="")
    names = [picture.file.name, *map(picture.copy_name, picture.widths)]
    return picture, [default_storage.open(name).read() for name in names]


MOVING = drawn("WEBP", append_images=[Image.new("RGB", (640, 480))], save_all=True)


@pytest.mark.parametrize(("width", "widths"), [
    (300, [300]), (800, [400, 800]), (1000, [400, 800, 1000]), (4000, [400, 800, 1200, 1600]),
])  # fmt: skip
def test_a_picture_has_each_width_once_and_none_wider_than_itself(width, widths):
    assert picture_child.widths_of(width) == widths


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "mode", "kept"), [
    ("JPEG", "RGB", "JPEG"), ("PNG", "RGB", "JPEG"), ("WEBP", "RGB", "JPEG"), ("PNG", "RGBA", "PNG"),
])  # fmt: skip
def test_i1_a_picture_is_stored_anew_with_its_copies(kind, mode, kept):
    picture, (original, *copies) = stored(drawn(kind, (1000, 500), mode))

    assert (picture.width, picture.height, picture.widths) == (1000, 500, [400, 800, 1000])
    opened = [Image.open(io.BytesIO(file)) for file in (original, *copies)]
    assert [(image.format, image.size) for image in opened] == [
        (kept, (1000, 500)), ("WEBP", (400, 200)), ("WEBP", (800, 400)), ("WEBP", (1000, 500)),
    ]  # fmt: skip


def test_i2_a_png_by_another_name_is_taken_and_named_anew():
    taken = pictures.open_safely(upload(drawn("PNG", mode="RGBA"), name="photo.jpg"))

    assert (taken.width, taken.height, taken.suffix) == (640, 480, "png")


def archive(kind):
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("photo.jpg", bytes(5_000_000))
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as bundle:
            bundle.addfile(tarfile.TarInfo("photo.jpg"))
    return buffer.getvalue()


@pytest.mark.parametrize(("content", "reason"), [
    pytest.param(drawn("TIFF"), "unreadable", id="I2-tiff"),
    pytest.param(drawn("BMP"), "unreadable", id="I2-bmp"),
    pytest.param(drawn("EPS"), "unreadable", id="I2-eps"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "unreadable", id="I3-svg"),
    pytest.param(b"<html><script>alert(1)</script></html>", "unreadable", id="I3-html"),
    pytest.param(b"%PDF-1.7", "unreadable", id="I3-pdf"),
    pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "unreadable", id="I3-heic"),
    pytest.param(drawn("AVIF"), "unreadable", id="I3-avif"),
    pytest.param(drawn("GIF", mode="P"), "unreadable", id="I3-gif"),
    pytest.param(b"", "unreadable", id="I3-empty"),
    pytest.param(BOMB, "large", id="I5-bomb"),
    pytest.param(drawn("PNG", (8_001, 10), "1"), "large", id="I5-side"),
    pytest.param(drawn("PNG", (7_000, 7_000), "1"), "large", id="I5-pixels"),
    pytest.param(drawn("JPEG")[:1500], "unreadable", id="I6-jpeg"),
    pytest.param(drawn("PNG")[:-200], "unreadable", id="I6-png"),
    pytest.param(MOVING, "moving", id="I6-moving"),
    pytest.param(archive("zip"), "unreadable", id="I14-zip"),
    pytest.param(archive("tar"), "unreadable", id="I14-tar"),
])  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused(content, reason):
    with pytest.raises(picture_child.Refused, match=f"^{reason}$"):
        picture_child.decode(io.BytesIO(content))


@pytest.mark.parametrize(("content", "sentence"), [
    (b"GIF89a", "Upload a JPEG, PNG or WebP picture that opens on your screen."),
    (BOMB, "The picture must be 8,000 pixels wide and high or smaller."),
    (MOVING, "The picture must not move."),
])  # fmt: skip
def test_each_refusal_has_its_sentence(content, sentence):
    with pytest.raises(ValidationError) as refusal:
        pictures.open_safely(upload(content))

    assert refusal.value.messages == [sentence]


def peak_memory():
    """Return the most memory, in kB, that this process has held since its peak was forgotten."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="Only Linux forgets a peak.")
@pytest.mark.parametrize("content", [BOMB, drawn(size=(3_000, 2_500))], ids=["bomb", "30-megabytes"])
def test_t13_no_picture_fills_the_process_that_serves_the_site(content):
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_memory()

    with contextlib.suppress(ValidationError):
        pictures.open_safely(upload(content))

    assert peak_memory() - before < 20_000


def with_metadata(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    exif[0x010E] = exif[0x013B] = CANARY.decode()
    image = Image.new("RGB", (640, 480), "teal")
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", CANARY.decode())
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    options = {
        "JPEG": {"xmp": XMP, "comment": CANARY},
        "PNG": {"pnginfo": text},
        "WEBP": {"xmp": XMP},
    }
    profile = color_cards.adobe_profile() + CANARY
    return saved(image, kind, exif=exif, icc_profile=profile, **options[kind]) + b"tail " + CANARY


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_i8_metadata_stays_behind_and_the_picture_stands_upright(kind):
    content = with_metadata(kind)
    assert content.count(CANARY) >= 3

    picture, files = stored(content)

    assert (picture.width, picture.height) == (480, 640)
    assert len(files) == 3
    for file in files:
        assert [mark for mark in (CANARY, b"Exif", b"xmpmeta", b"acsp", b"ICC") if mark in file] == []


ADOBE_COLORS = [
    (200, 100, 80),
    (80, 120, 200),
    (128, 128, 128),
    (230, 220, 90),
    (90, 140, 90),
    (250, 250, 250),
]
DEEP_COLORS = [(51_400, 25_700, 20_560), (20_560, 30_840, 51_400), (257, 257, 257), (65_535, 65_535, 65_535)]
PLAIN_INKS = [(0, 0, 0, 0), (255, 0, 0, 0), (0, 128, 255, 0), (0, 0, 0, 128), (60, 40, 20, 80)]
GRAYS = [0, 257, 32_896, 65_535]


def naive(cyan, magenta, yellow, black):
    """Return the sRGB color of inks without a profile, as every browser shows them."""
    return tuple((255 - ink) * (255 - black) / 255 for ink in (cyan, magenta, yellow))


@pytest.mark.parametrize(("content", "expected"), [
    pytest.param(
        saved(color_cards.card("RGB", ADOBE_COLORS), "PNG", icc_profile=color_cards.adobe_profile()),
        list(map(lab_of_adobe, ADOBE_COLORS)), id="I10-profile",
    ),
    pytest.param(
        saved(color_cards.card("RGBA", ADOBE_COLORS), "PNG", icc_profile=color_cards.adobe_profile()),
        list(map(lab_of_adobe, ADOBE_COLORS)), id="I10-profile-and-transparency",
    ),
    pytest.param(
        saved(color_cards.card("CMYK", color_cards.INKS), "JPEG", icc_profile=color_cards.press_profile()),
        list(color_cards.INKS.values()), id="I10-cmyk-profile",
    ),
    pytest.param(
        saved(color_cards.card("CMYK", PLAIN_INKS), "JPEG", quality=95),
        [lab_of_srgb(naive(*inks)) for inks in PLAIN_INKS], id="I10-cmyk",
    ),
    pytest.param(
        saved(color_cards.card("I;16", GRAYS), "PNG"),
        [lab_of_srgb([gray / 257] * 3) for gray in GRAYS], id="I10-16-bit-gray",
    ),
    pytest.param(
        color_cards.png_of_16_bits(DEEP_COLORS),
        [lab_of_srgb([value / 257 for value in color]) for color in DEEP_COLORS], id="I10-16-bit",
    ),
    pytest.param(
        saved(color_cards.card("RGB", ADOBE_COLORS), "PNG", icc_profile=b"no profile"),
        list(map(lab_of_srgb, ADOBE_COLORS)), id="I10-damaged-profile",
    ),
])  # fmt: skip
def test_colors_keep_their_looks(content, expected):
    made = encoded(content)

    for file in (made.original, *made.copies.values()):
        shown = map(lab_of_srgb, color_cards.patches(Image.open(io.BytesIO(file))))
        shifts = [difference(one, other) for one, other in zip(shown, expected, strict=True)]
        assert max(shifts) <= 3, shifts


def test_i10_the_test_card_would_show_a_profile_that_is_passed_over():
    shifts = [difference(lab_of_srgb(color), lab_of_adobe(color)) for color in ADOBE_COLORS]

    assert max(shifts) > 10


def test_i10_what_is_transparent_in_a_palette_stays_transparent():
    image = Image.new("P", (300, 200), 1)
    image.putpalette([255, 0, 0, 0, 128, 128])
    image.paste(0, (0, 0, 150, 200))

    made = encoded(saved(image, "PNG", transparency=0))

    for file in (made.original, *made.copies.values()):
        shown = Image.open(io.BytesIO(file)).convert("RGBA")
        assert (shown.getpixel((20, 100))[3], shown.getpixel((280, 100))[3]) == (0, 255)


def test_i13_a_file_over_ten_megabytes_is_refused():
    file = upload(b"\xff" * (pictures.MAX_BYTES + 1))

    with pytest.raises(ValidationError, match="10 MB"):
        pictures.open_safely(file)


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "status"), [(pictures.MAX_BYTES, 400), (pictures.MAX_BYTES + 1, 413)])
def test_i13_the_editor_is_told_of_a_file_over_ten_megabytes(client, size, status):
    client.force_login(builders.user("Editor"))

    response = client.post(reverse("admin:clinic_picture_upload"), {"file": upload(b"x" * size)})

    assert (response.status_code, list(response.json())) == (status, ["error"])


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "status"), [(1, 201), (100, 400)])
def test_i13_a_hundred_files_in_one_post_are_refused(client, number, status):
    client.force_login(builders.user("Editor"))

    response = client.post(
        reverse("admin:clinic_picture_upload"), {"file": [upload(drawn(size=(8, 8))) for _ in range(number)]}
    )

    assert response.status_code == status
    assert Picture.objects.count() == (status == 201)


@pytest.mark.parametrize("file", ["hang", "swell", "crash"])
def test_i15_a_decoder_that_hangs_swells_or_crashes_is_ended_and_we_live(monkeypatch, file):
    monkeypatch.setattr(pictures, "DECODER", "tests.hostile_decoder")
    monkeypatch.setattr(pictures, "SECONDS", 1)

    with pytest.raises(ValidationError, match="could not read this picture"):
        pictures.open_safely(upload(file.encode()))
