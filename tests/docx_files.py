"""Word files written by hand, for what no word processor writes."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{RELATIONSHIPS}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
)
STYLES = (
    ("Title", "Title", ""),
    ("Heading1", "heading 1", ""),
    ("Heading2", "heading 2", ""),
    ("Ours", "Our heading", '<w:basedOn w:val="Heading1"/>'),
    ("TOC1", "toc 1", ""),
    ("Whisper", "Whisper", "<w:rPr><w:vanish/></w:rPr>"),
)
SENTENCE = "Heels ache in the morning, and ease with the first steps of the day."


def docx(body, *, links=(), media=None, members=None):
    """Return a Word file with this body; `links` are (id, type, target, mode), `members` replace or add."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
        for key, name, more in STYLES
    )
    files = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="png" ContentType="image/png"/></Types>'
        ),
        "_rels/.rels": relations([("r1", "officeDocument", "word/document.xml", "")]),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(links),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        **{f"word/media/{name}": content for name, content in (media or {}).items()},
        **(members or {}),
    }
    return zipped(files)


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            # Without the clock's time, so that the same document has the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return buffer.getvalue()


def relations(rows):
    inner = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for key, kind, target, mode in rows
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def paragraph(text, style="", run=""):
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def drawing(attribute, *, alt="", inner=""):
    """A picture; `attribute` says where it is: r:embed="r2" in the file, r:link="r2" elsewhere."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="P" descr="{alt}">{inner}</wp:docPr>'
        f"<a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip {attribute}/></pic:blipFill></pic:pic>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def article(*more):
    """A body with a title, a paragraph, and whatever else the test is about."""
    return paragraph("Sore heels", "Title") + paragraph(SENTENCE) + "".join(more)
