"""The picture of a shared link: drawn from title and clinic's name, kept, and never in anybody's way."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from clinic import facts, share_image
from clinic.models import Clinic
from tests import builders

CLINIC = "Harbor Physical Therapy"
FACTS = {"name": CLINIC}


def picture(png):
    return Image.open(io.BytesIO(png))


def kept():
    """Return the names of the pictures that are kept."""
    return default_storage.listdir("share")[1] if default_storage.exists("share") else []


@pytest.mark.parametrize("title", ["Sore heel", "W" * 80, "Knee pain on stairs and what to do about it " * 2])
def test_any_title_fits_on_a_picture_of_the_right_size_and_weight(title):
    png = share_image.draw(title, CLINIC)

    drawn = picture(png).convert("RGB")
    paper = drawn.getpixel((0, 0))
    above_mark = share_image.MARK_CORNER[1]
    assert (picture(png).format, drawn.size) == ("PNG", (1200, 630))
    assert len(png) < 60_000
    # Nothing is written in the margins, and something between them.
    for margin in [(0, 0, 80, above_mark), (1120, 0, 1200, 400), (0, 0, 1200, 80)]:
        assert drawn.crop(margin).getcolors() == [((margin[2] - margin[0]) * (margin[3] - margin[1]), paper)]
    assert len(drawn.crop((80, 80, 1120, 400)).getcolors()) > 1


@pytest.mark.parametrize("title", ["腰痛", "ألم الظهر", "Bolest zad Ř", "Heel \U0001f9b6", ""])
def test_a_title_that_the_font_cannot_write_gives_way_to_the_clinics_name(title):
    assert share_image.draw(title, CLINIC) == share_image.draw(CLINIC, "")


def test_without_any_name_that_the_font_can_write_there_is_the_mark_alone():
    assert share_image.draw("腰痛", "腰痛") == share_image.draw("", "")


def test_a_picture_is_drawn_once(settings):
    first = share_image.png("Sore heel", FACTS)
    (name,) = kept()
    other = share_image.draw("Stiff neck", CLINIC)
    default_storage.delete(f"share/{name}")
    with default_storage.open(f"share/{name}", "wb") as file:
        file.write(other)

    assert first == share_image.draw("Sore heel", CLINIC)
    assert share_image.png("Sore heel", FACTS) == other
    assert kept() == [name]


@pytest.mark.parametrize(
    "title, facts", [("Neck", FACTS), ("Heel", {"name": "Harbor"}), ("Heel", FACTS | {"hue": 25})]
)
def test_another_title_name_or_hue_makes_another_picture(title, facts):
    drawn = {share_image.png("Heel", FACTS), share_image.png(title, facts)}

    assert (len(drawn), len(kept())) == (2, 2)


@pytest.mark.parametrize("hue, is_warm", [(25, True), (190, False)])
def test_words_have_the_ink_of_the_clinics_hue(hue, is_warm):
    drawn = picture(share_image.png("Heel", FACTS | {"hue": hue})).convert("RGB")

    red, _green, blue = min((color for _, color in drawn.crop(share_image.TITLE_BOX).getcolors()), key=sum)
    assert (red > blue) == is_warm


def test_a_clinic_with_a_logo_is_not_given_our_mark():
    with_logo = share_image.png("Heel", FACTS | {"logo": {"url": "/media/pictures/a-400.webp"}})

    left, top = share_image.MARK_CORNER
    corner = (left, top, left + 8, top + 8)
    paper = picture(with_logo).convert("RGB").getpixel((0, 0))
    assert picture(with_logo).convert("RGB").crop(corner).getcolors() == [(64, paper)]
    assert len(picture(share_image.png("Heel", FACTS)).convert("RGB").crop(corner).getcolors()) > 1


def test_half_a_picture_is_drawn_anew():
    whole = share_image.png("Sore heel", FACTS)
    (name,) = kept()
    with default_storage.open(f"share/{name}", "wb") as file:
        file.write(whole[:1000])

    assert share_image.png("Sore heel", FACTS) == whole
    with default_storage.open(f"share/{name}") as file:
        assert file.read() == whole


def test_a_picture_that_cannot_be_kept_is_shown_and_said_in_the_log(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path / "a-file"
    settings.MEDIA_ROOT.write_text("")

    png = share_image.png("Sore heel", FACTS)

    assert png == share_image.draw("Sore heel", CLINIC)
    assert [record.getMessage() for record in caplog.records] == ["share_image.not_kept"]


@pytest.mark.django_db
def test_an_articles_picture_tells_its_public_title(client):
    Clinic.objects.create(name=CLINIC, headline="Move again.")
    facts.publish()
    article = builders.published_article(kind="news", slug="hours", title="Saturday hours")

    own, general = client.get("/articles/hours/share.png"), client.get("/share.png")

    assert (own["Content-Type"], own.content) == ("image/png", share_image.draw("Saturday hours", CLINIC))
    assert general.content == share_image.draw("Move again.", CLINIC)
    assert f"http://localhost{article.get_absolute_url()}share.png" in page(
        client, article.get_absolute_url()
    )
    assert '<meta property="og:image" content="http://localhost/share.png">' in page(client, "/")


@pytest.mark.django_db
def test_a_draft_has_no_picture(client):
    builders.article(kind="news", slug="draft", title="Not yet")

    assert client.get("/articles/draft/share.png").status_code == 404
    assert kept() == []


def page(client, path):
    return client.get(path).content.decode()
