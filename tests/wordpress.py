"""Write exports as WordPress does (WXR 1.2), with texts of our own."""

import random
import re
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

CORPUS = Path(__file__).parent / "corpus" / "wordpress"
SITE = "https://old.harbor.example"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.5" created="2026-10-01 12:00" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Harbor Physical Therapy</title><link>{site}</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url><wp:base_blog_url>{site}</wp:base_blog_url>
"""
FOOT = "</channel></rss>\n"


def cdata(text):
    return f"<![CDATA[{str(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def export(path, *items, head=HEAD):
    """Write an export of these items, authors, categories and tags, and return its path."""
    with path.open("w") as file:
        file.write(head.replace("{site}", SITE))
        file.writelines(items)
        file.write(FOOT)
    return path


def author(login, name, *, first="", last="", number=1):
    return f"""<wp:author><wp:author_id>{number}</wp:author_id>
<wp:author_login>{cdata(login)}</wp:author_login>
<wp:author_email>{cdata(login + "@private.example")}</wp:author_email>
<wp:author_display_name>{cdata(name)}</wp:author_display_name>
<wp:author_first_name>{cdata(first)}</wp:author_first_name>
<wp:author_last_name>{cdata(last)}</wp:author_last_name></wp:author>
"""


def category(slug, name="", *, parent="", number=7):
    return f"""<wp:category><wp:term_id>{number}</wp:term_id>
<wp:category_nicename>{cdata(slug)}</wp:category_nicename>
<wp:category_parent>{cdata(parent)}</wp:category_parent>
<wp:cat_name>{cdata(name or slug)}</wp:cat_name></wp:category>
"""


def tag(slug, *, number=8):
    return f"""<wp:tag><wp:term_id>{number}</wp:term_id><wp:tag_slug>{cdata(slug)}</wp:tag_slug>
<wp:tag_name>{cdata(slug)}</wp:tag_name></wp:tag>
"""


def post(
    number,
    content="<p>Rest a little, then move.</p>",
    *,
    title="Sore heel",
    slug="",
    type="post",  # noqa: A002
    status="publish",
    date="2019-05-06 10:00:00",
    creator="mara",
    excerpt="",
    guid="",
    link="",
    parent=0,
    password="",
    categories=(),
    tags=(),
    meta=(),
    more="",
):
    """Return a post; other types are made of the same parts."""
    slug = slug or f"text-{number}"
    link = link or f"{SITE}/2019/05/{slug}/"
    terms = [("category", name) for name in categories] + [("post_tag", name) for name in tags]
    return f"""<item>
<title>{cdata(title)}</title><link>{link}</link><pubDate>Mon, 06 May 2019 10:00:00 +0000</pubDate>
<dc:creator>{cdata(creator)}</dc:creator><guid isPermaLink="false">{guid or f"{SITE}/?p={number}"}</guid>
<description></description><content:encoded>{cdata(content)}</content:encoded>
<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>{cdata(date)}</wp:post_date><wp:post_date_gmt>{cdata(date)}</wp:post_date_gmt>
<wp:post_name>{cdata(slug)}</wp:post_name><wp:status>{cdata(status)}</wp:status>
<wp:post_parent>{parent}</wp:post_parent><wp:post_type>{cdata(type)}</wp:post_type>
<wp:post_password>{cdata(password)}</wp:post_password>
{"".join(_term(domain, name) for domain, name in terms)}
{"".join(_meta(key, value) for key, value in meta)}{more}
</item>
"""


def page(number, content="<p>We are near the water.</p>", *, slug, **fields):
    return post(number, content, slug=slug, type="page", **{"link": f"{SITE}/{slug}/", **fields})


def attachment(number, name, *, parent=0, alt=None):
    """Return the entry of a file in the library, such as 2019/05/heel.png."""
    slug = name.rpartition("/")[2].replace(".", "-")
    url = f"<wp:attachment_url>{cdata(upload(name))}</wp:attachment_url>"
    meta = [("_wp_attached_file", name)] + ([("_wp_attachment_image_alt", alt)] if alt is not None else [])
    return post(
        number,
        "",
        title=slug,
        slug=slug,
        type="attachment",
        status="inherit",
        parent=parent,
        meta=meta,
        more=url,
    )


def comment(text):
    return f"""<wp:comment><wp:comment_author>{cdata("Pat")}</wp:comment_author>
<wp:comment_author_email>pat@private.example</wp:comment_author_email>
<wp:comment_content>{cdata(text)}</wp:comment_content></wp:comment>"""


def upload(name):
    return f"{SITE}/wp-content/uploads/{name}"


def _term(domain, name):
    return f"<category domain={quoteattr(domain)} nicename={quoteattr(name)}>{cdata(name)}</category>"


def _meta(key, value):
    return f"""<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>
<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"""


@dataclass(frozen=True)
class Sample:
    """What has to be kept of a text that was written with one of the editors."""

    headings: int
    lists: int
    links: int
    tables: int
    pictures: int
    words: int
    shortcodes: str = ""


SAMPLES = {
    "classic": Sample(1, 1, 1, 0, 3, 36, "gallery"),
    "blocks": Sample(1, 1, 1, 1, 1, 24, "wp:acme/stars"),
    "divi": Sample(
        2, 0, 0, 0, 0, 14, "et_pb_code et_pb_section et_pb_row et_pb_column et_pb_text et_pb_toggle"
    ),
    "wpbakery": Sample(
        1, 0, 1, 0, 0, 10, "vc_raw_html vc_row vc_column vc_custom_heading vc_column_text testimonials"
    ),
    "elementor": Sample(1, 1, 1, 0, 0, 12),
}


def sample(name):
    """Return the text of a sample as its editor left it in the database."""
    return (CORPUS / f"{name}.html").read_text()


VOCABULARY = """the a knee heel shoulder back therapist exercise slowly often morning pain week walk stairs
stretch rest swelling muscle joint gently patient because when while after before habit chair""".split()


def long_text(number):
    """Return a text of about 600 words in one of three manners, always the same for a number."""
    dice = random.Random(number)

    def sentence():
        return " ".join(dice.choices(VOCABULARY, k=dice.randint(8, 16))).capitalize() + "."

    def paragraph():
        return " ".join(sentence() for _ in range(4))

    parts = [(sentence().rstrip("."), [paragraph() for _ in range(3)]) for _ in range(4)]
    if number % 3 == 0:
        return "\n\n".join(f"<h2>{title}</h2>\n" + "\n\n".join(texts) for title, texts in parts)
    if number % 3 == 1:
        return "\n\n".join(
            f"<!-- wp:heading --><h2>{title}</h2><!-- /wp:heading -->"
            + "".join(f"\n<!-- wp:paragraph --><p>{text}</p><!-- /wp:paragraph -->" for text in texts)
            for title, texts in parts
        )
    return "".join(
        f'[et_pb_section][et_pb_toggle title="{title}"]'
        + "\n\n".join(texts)
        + "[/et_pb_toggle][/et_pb_section]"
        for title, texts in parts
    )


def count_words(text):
    """Count the words of a long text, whatever stands between them."""
    return sum(word.lower() in VOCABULARY for word in re.findall(r"[A-Za-z]+", text))
