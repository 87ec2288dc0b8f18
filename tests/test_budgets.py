"""What pages may weigh, tried on the demo clinic as a browser gets it."""

import re
from urllib.parse import urljoin, urlsplit

HEAVIEST = 100 * 1024
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#?]*)"')
LOADED = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"]+)"|<script\b[^>]*\bsrc="([^"]+)"')


def test_no_public_page_of_the_demo_clinic_weighs_more_than_100_kilobytes(stack):
    stack.start(workers=0)
    visitor = stack.visitor()

    pages = {"form with errors": form_with_errors(visitor), **journey(visitor), **crawl(visitor)}

    assert {name: page.status for name, page in pages.items() if page.status != 200} == {}
    assert {name: size for name, page in pages.items() if (size := weight(visitor, page)) > HEAVIEST} == {}
    # A crawl that found nothing would prove nothing.
    assert {"/", "/articles/", "/staff/", "/locations/", "/appointments/"} <= set(pages)
    assert len(pages) > 35


def form_with_errors(visitor):
    return visitor.send(visitor.form_page().form("/appointments/request/"))


def journey(visitor):
    empty = visitor.form_page()
    form = empty.form("/appointments/request/")
    check = visitor.send(form.fill(full_name="R" * 100, phone="(555) 010-0123", location="northside"))
    confirmed = visitor.send(check.form("/send/"))
    return {"empty form": empty, "check page": check, "confirmation": visitor.open(confirmed.location)}


def crawl(visitor):
    """Return every page that links lead to from the home page, by its path."""
    pages, files, waiting = {}, set(), {"/"}
    while waiting:
        path = waiting.pop()
        page = visitor.open(path)
        if not page.headers["Content-Type"].startswith("text/html"):
            files.add(path)
            continue
        pages[path] = page
        links = {urlsplit(urljoin(page.url, link)) for link in LINK.findall(page.text)}
        site = urlsplit(visitor.site_url).netloc
        found = {link.path for link in links if link.netloc == site and link.scheme == "http"}
        waiting |= {path for path in found if not path.startswith("/admin/")} - files - set(pages)
    return pages


def weight(visitor, page):
    """Return the bytes of a page with its style sheets and scripts, unpacked."""
    loaded = {style or script for style, script in LOADED.findall(page.text)}
    assert loaded
    texts = [page.text, *(visitor.open(address).text for address in loaded)]
    return sum(len(text.encode()) for text in texts)
