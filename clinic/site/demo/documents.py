"""The demo clinic's forms to take away: PDFs of one page, written by hand."""

from clinic import documents
from clinic.models import Document, Page

FORMS = {
    "new-patient-form": (
        "New patient form",
        (
            "Your name",
            "Date of birth",
            "Phone, and the best time to call",
            "What bothers you, and since when",
            "What makes it better, what makes it worse",
            "Operations and illnesses we should know of",
            "Medicines you take",
            "What you would like to do again",
        ),
    ),
    "list-of-medicines": (
        "List of your medicines",
        ("Your name, and today's date", *(["Medicine, how much, how often, what for"] * 7)),
    ),
}
LETTER = (612, 792)
LEFT, RIGHT, TOP, STEP = 60, 552, 720, 76


def load(by):
    """Store those forms that are not there yet; new patients find them on their page too."""
    page = Page.objects.get(slug="new-patients")
    for slug, (title, questions) in FORMS.items():
        if not Document.objects.filter(slug=slug).exists():
            document = Document(slug=slug, title=title, created_by=by)
            documents.put_file(document, pdf(title, questions))
            document.save()
            document.pages.add(page)


def pdf(title, questions):
    """Return a PDF of one page: a title, then questions with lines to write on."""
    drawn = [f"BT /F1 20 Tf {LEFT} {TOP} Td ({title}) Tj ET"]
    for number, question in enumerate(questions, start=1):
        height = TOP - STEP * number
        drawn.append(f"BT /F1 11 Tf {LEFT} {height + 40} Td ({question}) Tj ET")
        drawn.append(f"{LEFT} {height + 8} m {RIGHT} {height + 8} l S")
    content = "\n".join(drawn)
    objects = (
        "<< /Type /Catalog /Pages 2 0 R /Lang (en-US) /ViewerPreferences << /DisplayDocTitle true >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {LETTER[0]} {LETTER[1]}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) >>",
    )
    return _file(objects)


def _file(objects):
    """Return the objects as a file, with the table that says where each begins."""
    text, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(f"{len(text):010} 00000 n \n")
        text += f"{number} 0 obj\n{body}\nendobj\n"
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{''.join(places)}"
    trailer = (
        f"trailer\n<< /Size {size} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    )
    return (text + table + trailer).encode("ascii")
