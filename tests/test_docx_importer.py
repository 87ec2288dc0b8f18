"""D rows of the bad-input catalogue, and what is kept of well-meant Word files."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from articles.importers.docx import reader
from articles.importers.intake import bring_in
from articles.importers.parsed import Counts, ImportRefused
from articles.models import Article
from clinic.models import AuditEvent, Picture
from tests.docx_files import SENTENCE, W, article, docx, drawing, paragraph, relations, zipped

CORPUS = Path(__file__).parent / "corpus/docx"
CANARY = "canary-4711"
PICTURE_INSIDE = [("r2", "image", "media/a.png", "")]
REFUSED_AS = {
    "damaged": "feet.docx is damaged, or not a Word document. Open it in Word and save it again.",
    "heavy": "feet.docx could not be read: it is damaged, or takes too much time or memory.",
    "bomb": "feet.docx unpacks to much more than an article holds.",
    "doctype": "feet.docx was not written by Word: its XML declares a document type.",
    "macros": "feet.docx holds macros. Save it as a Word document without them (.docx).",
    "old": "feet.docx has a password or is an old Word file. Save it as .docx without a password.",
    "long": "feet.docx holds more than 200 KB of text. Split it first.",
    "large": "feet.docx is larger than 10 MB. Make its pictures smaller first.",
    "pictures": "feet.docx holds more than 40 pictures. Split it first.",
}


def parse(content):
    return reader.read(content, "feet.docx")


def corpus(name):
    return reader.read((CORPUS / name).read_bytes(), name)


def refusal(content):
    with pytest.raises(ImportRefused) as refused:
        parse(content)
    return str(refused.value)


def png(color="teal"):
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(buffer, "PNG")
    return buffer.getvalue()


# What is kept


@pytest.mark.parametrize(
    ("name", "title", "counts"),
    [
        (
            "tennis-elbow.docx",
            "Tennis elbow: what helps, and how long it takes",
            Counts(headings=5, paragraphs=5, words=184, lists=2, links=2, tables=1),
        ),
        (
            "walking-after-a-new-hip.docx",
            "Walking after a new hip",
            Counts(headings=3, paragraphs=6, words=103, lists=2, tables=1, pictures=3),
        ),
        ("ice-or-heat.docx", "Ice or heat?", Counts(headings=2, paragraphs=5, words=66, pictures=1)),
        (
            "stiff-neck-draft.docx",
            "A stiff neck on Monday morning",
            Counts(headings=1, paragraphs=3, words=37),
        ),
        (
            "frozen-shoulder.docx",
            "Frozen shoulder, stage by stage",
            Counts(headings=7, paragraphs=10, words=231, lists=4, links=2, tables=1),
        ),
        (
            "knees-and-stairs.docx",
            "Knees and stairs",
            Counts(headings=3, paragraphs=4, words=109, lists=2, links=1, tables=1),
        ),
    ],
)
def test_D1_documents_keep_their_structure(name, title, counts):
    parsed = corpus(name)

    assert (parsed.title, parsed.kept) == (title, counts)


@pytest.mark.django_db
def test_D1_a_document_becomes_a_draft_with_its_pictures_in_the_library():
    content = (CORPUS / "walking-after-a-new-hip.docx").read_bytes()

    report = bring_in("walking-after-a-new-hip.docx", content)

    first, second, third = Picture.objects.order_by("pk")
    body = Article.objects.get().latest.body
    assert report.article.status == "draft"
    assert body.startswith(
        f'<figure><img data-picture="{first.pk}" alt="A man with a cane walks beside a kitchen counter." '
        f'src="{first.url}"></figure><p>You stand up on the first day'
    )
    # Nobody described the second, so that the checks ask for it.
    assert f'<img data-picture="{second.pk}" src="{second.url}"></figure>' in body
    assert (third.title, third.alt) == (
        "Walking after a new hip, picture 3",
        "A cane, its handle at the height of the wrist.",
    )


def test_D1_headings_begin_below_the_title():
    assert corpus("knees-and-stairs.docx").body_html.count("<h2>") == 3
    assert corpus("frozen-shoulder.docx").body_html.count("<h4>What about an injection?</h4>") == 1


def test_D1_header_rows_and_captions_are_kept():
    assert '<th scope="col">Pain next morning</th>' in corpus("tennis-elbow.docx").body_html
    assert corpus("ice-or-heat.docx").body_html.endswith(
        '<figure><img data-picture="1" alt="A cold pack in a towel.">'
        "<figcaption>A towel keeps the skin safe.</figcaption></figure>"
    )


def test_D1_subtitle_and_appeal_find_their_places():
    parsed = corpus("tennis-elbow.docx")

    assert (
        parsed.summary == "A sore outer elbow is common after a week of painting. It nearly always settles."
    )
    assert parsed.call_to_action == "Call us today to make an appointment."
    assert parsed.doubts == []


def test_notes_become_sources_each_once_with_its_number_in_the_text():
    parsed = corpus("ice-or-heat.docx")

    assert parsed.sources == [
        {
            "title": (
                "Doe J, Roe P. Cold packs after ankle sprain: a review. Journal of Made-up Studies, 2021"
            ),
            "url": "https://journal.example/cold-packs",
        },
        {"title": "Roe P. Warmth and stiff joints. 2019."},
        {"title": "Guideline on ankle sprains, 2022", "url": "https://guideline.example/ankle"},
    ]
    assert "faster.<sup>1, 2</sup></p>" in parsed.body_html
    assert "fresh injury.<sup>2</sup></p>" in parsed.body_html


def test_what_is_not_sure_is_a_doubt():
    assert corpus("ice-or-heat.docx").doubts == [
        "3 notes became sources. Check them and their numbers in the text.",
        "A bold line became a heading: “When to choose ice”",
        "A bold line became a heading: “When to choose heat”",
    ]
    assert corpus("walking-after-a-new-hip.docx").doubts == [
        "A table has no header row: “Week Walk 1 5 minutes 6 30 minutes”"
    ]


def test_a_style_based_on_a_heading_is_a_heading():
    parsed = parse(docx(article(paragraph("What helps", "Ours"), paragraph(SENTENCE))))

    assert parsed.body_html == f"<p>{SENTENCE}</p><h2>What helps</h2><p>{SENTENCE}</p>"


def test_the_first_heading_is_the_title_where_no_style_says_so():
    body = [
        paragraph("Heels", "Heading1"),
        paragraph(SENTENCE),
        paragraph("Toes", "Heading1"),
        paragraph(SENTENCE),
    ]

    parsed = parse(docx("".join(body)))

    assert (parsed.title, parsed.body_html) == ("Heels", f"<p>{SENTENCE}</p><h2>Toes</h2><p>{SENTENCE}</p>")
    assert parsed.doubts == ["The first of several headings became the title: “Heels”"]


def test_a_line_break_in_a_heading_parts_its_words():
    title = paragraph("Ice</w:t><w:br/><w:t>or heat", "Title")

    assert parse(docx(title + paragraph(SENTENCE))).title == "Ice or heat"


def test_without_any_title_the_name_of_the_file_stands_in():
    parsed = parse(docx(paragraph(SENTENCE)))

    assert parsed.title == "Feet"
    assert parsed.doubts == ["The text has no title. The name of the file stands in for it."]


DESCRIPTIONS = [
    ("A heel raised on a step.", "", ' alt="A heel raised on a step."'),
    ("", "", ""),
    ("IMG_2034.jpg", "", ""),
    ("Picture 3", "", ""),
    ("A picture of a person. Description automatically generated", "", ""),
    ("", '<adec:decorative val="1"/>', ' alt=""'),
    ("", '<adec:decorative val="0"/>', ""),
]


def test_only_words_of_a_person_describe_a_picture():
    pictures = "".join(
        drawing('r:embed="r2"', alt=alt, inner=inner) for alt, inner, _expected in DESCRIPTIONS
    )

    parsed = parse(docx(article(pictures), links=PICTURE_INSIDE, media={"a.png": png()}))

    figures = "".join(
        f'<figure><img data-picture="1"{expected}></figure>' for _alt, _inner, expected in DESCRIPTIONS
    )
    assert parsed.body_html == f"<p>{SENTENCE}</p>{figures}"


def test_a_picture_used_twice_is_there_once():
    pictures = drawing('r:embed="r2"') * 2

    parsed = parse(docx(article(pictures), links=PICTURE_INSIDE, media={"a.png": png()}))

    assert (parsed.kept.pictures, parsed.pictures) == (2, [png()])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"<svg/>", b"GIF89a" + bytes(40), png()[:60]], ids=["I3 SVG", "I3 GIF", "I6 truncated"]
)
def test_a_picture_that_the_rules_refuse_is_left_out_and_named(content):
    file = docx(article(drawing('r:embed="r2"')), links=PICTURE_INSIDE, media={"a.png": content})

    report = bring_in("feet.docx", file)

    assert report.dropped == ["Picture 1: Upload a JPEG, PNG or WebP picture that opens on your screen."]
    assert (report.article.latest.body, Picture.objects.count()) == (f"<p>{SENTENCE}</p>", 0)


# What is refused or left out


TARGETS = [
    ("javascript:alert(1)", None),
    ("java&#9;script:alert(1)", None),
    ("JAVASCRIPT://x%0aalert(1)", None),
    ("data:text/html,x", None),
    ("vbscript:x", None),
    ("file:///etc/passwd", None),
    ("\\\\server\\share", None),
    ("//elsewhere.example/x", None),
    ("notes.docx", None),
    ("https://heels.example/a?b=1&amp;c=2", "https://heels.example/a?b=1&amp;c=2"),
    ("mailto:desk@harbor.example", "mailto:desk@harbor.example"),
]


def by_relation(number, _target):
    return f'<w:p><w:hyperlink r:id="r{number}"><w:r><w:t>words {number}</w:t></w:r></w:hyperlink></w:p>'


def by_field(number, target):
    parts = [
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText> HYPERLINK "{target}" \\o "a hint" </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>words {number}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ]
    return "<w:p>" + "".join(f"<w:r>{part}</w:r>" for part in parts) + "</w:p>"


@pytest.mark.parametrize("link", [by_relation, by_field])
def test_D3_only_links_to_web_addresses_stay(link):
    relation = [(f"r{number}", "hyperlink", target, "External") for number, (target, _) in enumerate(TARGETS)]
    body = "".join(link(number, target) for number, (target, _href) in enumerate(TARGETS))

    parsed = parse(docx(article(body), links=relation))

    words = [
        f'<a href="{href}">words {number}</a>' if href else f"words {number}"
        for number, (_target, href) in enumerate(TARGETS)
    ]
    assert parsed.body_html == "".join(f"<p>{text}</p>" for text in [SENTENCE, *words])
    gone = ", ".join(f"“words {number}”" for number, (_target, href) in enumerate(TARGETS) if not href)
    assert parsed.dropped == [f"9 links that lead to no web address: {gone}"]


def test_D3_a_place_on_a_page_stays_part_of_its_address():
    field = '<w:p><w:fldSimple w:instr=" HYPERLINK x "><w:r><w:t>words</w:t></w:r></w:fldSimple></w:p>'

    assert "https://leaflets.example/frozen-shoulder#injection" in corpus("frozen-shoulder.docx").body_html
    assert parse(docx(article(field))).body_html.endswith("<p>words</p>")


@pytest.mark.parametrize("attribute", ["r:link", "r:embed"])
def test_D4_t14_pictures_outside_the_file_are_never_read(tmp_path, attribute):
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    forms = ["file://{}", "{}", "../../../../../../..{}", "FILE:{}", "https://canary.example/a.png"]
    targets = [(form.format(secret), mode) for form in forms for mode in ("External", "")]
    links = [(f"r{number}", "image", *target) for number, target in enumerate(targets)]
    pictures = "".join(drawing(f'{attribute}="r{number}"', alt="Secret") for number in range(len(targets)))

    parsed = parse(docx(article(pictures), links=links))

    assert (parsed.pictures, parsed.body_html) == ([], f"<p>{SENTENCE}</p>")
    assert parsed.dropped == ["10 pictures that are not in the file"]


def test_D4_the_same_picture_inside_the_file_is_read():
    parsed = parse(
        docx(
            article(drawing('r:embed="r2"')),
            links=PICTURE_INSIDE,
            media={"a.png": png()},
        )
    )

    assert parsed.pictures == [png()]


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdef", "bcdefg", strict=True)
)
DOCUMENT = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("word/document.xml", f"{BOMB}]>{DOCUMENT % '&g;'}"),
        ("word/document.xml", f"<!DOCTYPE x>{DOCUMENT % SENTENCE}"),
        ("word/document.xml", f"<!DOCTYPE x SYSTEM 'file:///etc/hostname'>{DOCUMENT % SENTENCE}"),
        ("word/document.xml", f"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>{DOCUMENT % '&a;'}"),
        ("word/document.xml", f"<!DOCTYPE x>{DOCUMENT % SENTENCE}".encode("utf-16")),
        ("word/styles.xml", "<!DOCTYPE x><w:styles/>"),
        ("word/_rels/document.xml.rels", "<!DOCTYPE x><x/>"),
        ("[Content_Types].xml", "<!DOCTYPE x><x/>"),
        ("docProps/core.xml", "<!DOCTYPE x><x/>"),
    ],
    ids=["bomb", "empty", "external", "entity", "UTF-16", "styles", "relations", "types", "unused part"],
)
def test_D6_any_document_type_is_refused(part, xml):
    assert refusal(docx(article(), members={part: xml})) == REFUSED_AS["doctype"]


def test_D6_a_document_under_another_name_is_not_parsed_unchecked():
    hidden = {
        "_rels/.rels": relations([("r1", "officeDocument", "word/media/a.png", "")]),
        "word/media/a.png": f"{BOMB}]>{DOCUMENT % '&g;'}",
    }

    assert refusal(docx(article(), members=hidden)) == REFUSED_AS["heavy"]


@pytest.mark.parametrize(
    ("files", "compression"),
    [
        ({"a.bin": bytes(200 * 1024 * 1024)}, zipfile.ZIP_DEFLATED),
        ({"a.bin": bytes(2 * 1024 * 1024)}, zipfile.ZIP_DEFLATED),
        ({f"{number}.bin": b"" for number in range(2_001)}, zipfile.ZIP_STORED),
    ],
    ids=["200 MB in 200 KB", "more than 100 times", "2,001 members"],
)
def test_D7_what_unpacks_to_too_much_is_refused(files, compression):
    assert refusal(zipped(files, compression)) == REFUSED_AS["bomb"]


def test_D7_a_member_that_lies_about_its_size_is_refused():
    # Says 1 KB in the directory and in its own header, and unpacks to 5 MB.
    content = zipped({"a.bin": bytes(5 * 1024 * 1024)})

    lying = content.replace(struct.pack("<I", 5 * 1024 * 1024), struct.pack("<I", 1024))

    assert lying != content
    assert refusal(lying) == REFUSED_AS["damaged"]


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_D7_packings_that_unpack_in_one_go_are_refused(compression):
    assert refusal(zipped({"a.bin": b"a" * 1000}, compression)) == REFUSED_AS["damaged"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged"),
        (b"Sore heels\n\nThey ache.", "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (zipped({"xl/workbook.xml": "<x/>"}), "heavy"),
        (docx(article(), members={"word/document.xml": "<w:document"}), "damaged"),
        (docx(article())[:-60], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old"),
        (bytes(10 * 1024 * 1024 + 1), "large"),
    ],
    ids=[
        "empty",
        "text",
        "half a zip",
        "spreadsheet",
        "half an XML",
        "cut off",
        "password or .doc",
        "10 MB + 1",
    ],
)
def test_what_is_no_word_document_is_refused(content, reason):
    assert refusal(content) == REFUSED_AS[reason]


def test_more_than_forty_pictures_are_refused():
    links = [(f"r{number}", "image", f"media/{number}.png", "") for number in range(2, 43)]
    pictures = "".join(drawing(f'r:embed="{key}"') for key, _kind, _target, _mode in links)

    content = docx(article(pictures), links=links, media={f"{number}.png": b"x" for number in range(2, 43)})

    assert refusal(content) == REFUSED_AS["pictures"]


def test_D9_changes_comments_and_hidden_text_are_counted():
    parsed = corpus("stiff-neck-draft.docx")

    assert parsed.body_html == (
        "<p>You slept badly, and now you hardly turn your head. It does not last long. Move gently.</p>"
        "<h2>What to do</h2><p>Warm shower, slow turns, normal day.</p>"
        "<p>Look over each shoulder five times an hour. Printed on 11/22/26.</p>"
    )
    assert parsed.dropped == [
        "1 tracked deletion",
        "1 comment",
        "1 piece of hidden text",
        "2 headers or footers: “Harbor Physical Therapy, draft”, “Page 1”",
        "1 text box: “Tip: set a timer, and look up every half hour.”",
    ]
    assert parsed.doubts == [
        "1 tracked insertion stands in the text.",
        "1 field, such as a date, stands as it was last shown.",
    ]


@pytest.mark.parametrize(
    ("body", "dropped"),
    [
        (f"<w:p><w:moveFrom><w:r><w:t>{CANARY}</w:t></w:r></w:moveFrom></w:p>", "1 tracked deletion"),
        (paragraph(CANARY, run="<w:vanish/>"), "1 piece of hidden text"),
        (paragraph(CANARY, run='<w:vanish w:val="true"/>'), "1 piece of hidden text"),
        (paragraph(CANARY, "Whisper"), "1 piece of hidden text"),
        (f"<w:p><m:oMath><m:r><m:t>{CANARY}</m:t></m:r></m:oMath></w:p>", f"1 equation: “{CANARY}”"),
        (
            f"<w:p><w:r><w:pict><w:txbxContent>{paragraph(CANARY) * 2}</w:txbxContent></w:pict></w:r></w:p>",
            f"1 text box: “{CANARY} {CANARY}”",
        ),
        ("<w:p><w:r><w:object/></w:r></w:p>", "1 drawing, chart or embedded file"),
        ("<w:p><w:r><w:drawing/></w:r></w:p>", "1 drawing, chart or embedded file"),
        (paragraph(CANARY, "TOC1"), "The table of contents: the page makes its own"),
    ],
    ids=["moved", "hidden", "hidden too", "style", "equation", "text box", "object", "chart", "contents"],
)
def test_D9_what_no_article_keeps_is_left_out_and_named(body, dropped):
    parsed = parse(docx(article(body)))

    assert (parsed.body_html, parsed.dropped) == (f"<p>{SENTENCE}</p>", [dropped])


@pytest.mark.parametrize(
    ("body", "doubt"),
    [
        (
            paragraph("gone", run="<w:strike/>"),
            "The line through these words is gone: “gone”",
        ),
        (
            '<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
            f"{paragraph('Wide')}</w:tc></w:tr><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc>"
            "</w:tr></w:tbl>",
            "Merged cells of a table came apart: “Wide a b”",
        ),
        (
            f"<w:p><w:ruby><w:r><w:t>{CANARY}</w:t></w:r></w:ruby></w:p>",
            "10 letters could not be placed. Compare with the document.",
        ),
    ],
    ids=["struck through", "merged cells", "unknown element"],
)
def test_what_may_not_be_meant_so_is_a_doubt(body, doubt):
    assert parse(docx(article(body))).doubts == [doubt]


@pytest.mark.parametrize(
    "members",
    [
        {"word/vbaProject.bin": b"\xd0\xcf"},
        {
            "[Content_Types].xml": (
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Override PartName="/word/document.xml" '
                'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
            )
        },
    ],
    ids=["project", "type"],
)
def test_D9_macros_are_refused_whatever_the_name(members):
    assert refusal(docx(article(), members=members)) == REFUSED_AS["macros"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["feet.docm", "feet.doc", "feet.dotx"])
def test_D9_other_kinds_of_word_files_are_refused_by_name(name):
    with pytest.raises(ImportRefused) as refused:
        bring_in(name, docx(article()))

    assert str(refused.value) == f"{name} can’t be imported. These kinds of files can: .txt, .docx."
    assert Article.objects.count() == 0


def test_D11_two_thousand_pages_are_refused():
    numbers = random.Random(11)
    pages = [paragraph(" ".join(str(numbers.getrandbits(20)) for _ in range(250))) for _ in range(2_000)]

    assert refusal(docx("".join(pages))) == REFUSED_AS["long"]


def many_paragraphs():
    """A document within all other limits that takes the child several seconds and 200 MB."""
    numbers = random.Random(12)
    words = (f"{numbers.getrandbits(10):03x}" for _ in range(30_000))
    return docx("".join(paragraph(word, run="<w:b/>") for word in words))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "value"), [("SECONDS", 1), ("MEGABYTES", 64)], ids=["too slow", "too much memory"]
)
def test_D12_a_child_beyond_its_limits_is_killed_and_nothing_stored(monkeypatch, limit, value):
    monkeypatch.setattr(reader, limit, value)

    with pytest.raises(ImportRefused) as refused:
        bring_in("feet.docx", many_paragraphs())

    assert str(refused.value) == REFUSED_AS["heavy"]
    assert [model.objects.count() for model in (Article, Picture, AuditEvent)] == [0, 0, 0]


@pytest.mark.faults
def test_D12_an_enormous_tree_meets_the_limits_as_they_are():
    numbers = random.Random(12)
    elements = "".join(f'<w:p w:rsidR="{numbers.getrandbits(32):08x}"/>' for _ in range(1_500_000))

    assert (reader.SECONDS, reader.MEGABYTES) == (20, 512)
    assert refusal(docx(elements)) == REFUSED_AS["heavy"]
