"""What comes in as a picture goes out as our own: pixels only, in known sizes."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinic import pictures

SECRET = b"GPS 41.88 N 87.62 W"


def upload(kind="JPEG", size=(640, 480), name="photo.jpg", mode="RGB", **options):
    buffer = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else None).save(buffer, kind, **options)
    return SimpleUploadedFile(name, buffer.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_i1_a_picture_is_stored_anew_with_its_copies(kind):
    image = pictures.open_safely(upload(kind, (1000, 500)))

    picture = pictures.store(image, title="Room", alt="A bright room")

    assert (picture.width, picture.height, picture.widths) == (1000, 500, [400, 800, 1000])
    for width in picture.widths:
        with default_storage.open(picture.copy_name(width)) as file, Image.open(file) as copy:
            assert (copy.format, copy.width) == ("WEBP", width)


def test_i2_a_png_by_another_name_is_a_png():
    assert pictures.open_safely(upload("PNG", name="photo.jpg")).size == (640, 480)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"",
        b"PK\x03\x04 not a picture",
    ],
    ids=["I3-svg", "I3-html", "I3-pdf", "I3-empty", "I14-zip"],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError, match="JPEG, PNG or WebP"):
        pictures.open_safely(SimpleUploadedFile("photo.jpg", content))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_i2_i3_other_kinds_are_refused_whatever_their_name(kind):
    with pytest.raises(ValidationError, match="JPEG, PNG or WebP"):
        pictures.open_safely(upload(kind, name="photo.jpg"))


@pytest.mark.parametrize("size", [(9000, 10), (7000, 7000)], ids=["I5-side", "I5-pixels"])
def test_i5_a_small_file_of_a_huge_picture_is_refused(size):
    with pytest.raises(ValidationError, match="8,000 pixels"):
        pictures.open_safely(upload("PNG", size, mode="1"))


def test_i6_a_picture_cut_short_is_refused():
    whole = upload(size=(800, 600)).read()

    with pytest.raises(ValidationError, match="opens on your screen"):
        pictures.open_safely(SimpleUploadedFile("photo.jpg", whole[: len(whole) // 2]))


@pytest.mark.django_db
def test_i8_metadata_stays_behind_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    exif[0x010E] = SECRET.decode()
    file = upload(size=(640, 480), exif=exif)
    assert SECRET in file.read()
    file.seek(0)

    picture = pictures.store(pictures.open_safely(file), title="Room", alt="")

    assert (picture.width, picture.height) == (480, 640)
    for name in (picture.file.name, *(picture.copy_name(width) for width in picture.widths)):
        with default_storage.open(name) as stored:
            assert SECRET not in stored.read()


@pytest.mark.parametrize(("mode", "kept"), [("L", "RGB"), ("CMYK", "RGB"), ("RGBA", "RGBA"), ("P", "RGB")])
def test_i10_every_colour_mode_becomes_rgb(mode, kept):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert pictures.open_safely(upload(kind, mode=mode)).mode == kept


def test_i13_a_file_over_ten_megabytes_is_refused():
    file = SimpleUploadedFile("photo.jpg", b"\xff" * (pictures.MAX_BYTES + 1))

    with pytest.raises(ValidationError, match="10 MB"):
        pictures.open_safely(file)
