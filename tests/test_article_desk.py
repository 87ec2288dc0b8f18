"""The staff pages of articles: who may do what there, and that nobody's words are lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing, signing, writing
from articles.models import Article, WorkingCopy
from clinic import facts
from tests import builders

pytestmark = pytest.mark.django_db

LIST = reverse("admin:articles_article_changelist")
ADD = reverse("admin:articles_article_add")
BODY = "<h2>What helps</h2><p>Walk a little less and wear soft shoes.</p>"


@pytest.fixture
def editor():
    return builders.user("Editor", name="Nils Berger")


@pytest.fixture
def signed_in(client):
    """Return a function that signs a person in and returns the client."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def address(article, *step):
    return reverse(f"admin:articles_article_{step[0] if step else 'change'}", args=[article.pk, *step[1:]])


def filled_in(article, **changes):
    """Return what the browser posts from the form of an article's newest text."""
    text = article.latest
    fields = {
        "title": text.title,
        "summary": text.summary,
        "body": text.body,
        "call_to_action": text.call_to_action,
        "description": text.description,
        "author": text.author_id or "",
        "main_topic": text.main_topic_id or "",
        "topics": [],
        "lead_picture": "",
        "reason": "",
        "based_on": text.pk,
        "version": 0,
        "sources-TOTAL_FORMS": len(text.sources),
        "sources-INITIAL_FORMS": len(text.sources),
    }
    for row, source in enumerate(text.sources):
        fields |= {f"sources-{row}-{name}": value for name, value in source.items()}
    return fields | changes


def seen(article, **answers):
    """Return what the browser posts from the form of a step."""
    return {"seen": article.latest_id, **answers}


def said(response):
    return [str(message) for message in response.context["messages"]]


def state(article):
    return Article.objects.get(pk=article.pk).status


# The list


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_one_article_and_for_thirty(
    signed_in, editor, django_assert_max_num_queries, count
):
    author, topic = builders.therapist("Mara Lindqvist"), builders.topic("Heel")
    for number in range(count):
        builders.article(by=editor, title=f"Article {number}", author=author, main_topic=topic)
    facts.publish()
    page = signed_in(editor)

    with django_assert_max_num_queries(12):
        response = page.get(LIST)

    assert response.content.count(b'class="field-state"') == count


def test_the_list_says_where_each_article_stands(signed_in, editor):
    article = builders.published_article(title="Sore heel")
    signature = article.live.signature

    response = signed_in(editor).get(LIST)

    row = response.context["cl"].result_list[0]
    assert (row, row.live.signature.next_review_on) == (article, signature.next_review_on)
    assert f"{signature.next_review_on:%-d %B %Y}" in response.content.decode()


def test_a_clinician_finds_what_waits_for_them(signed_in, editor):
    theo, mara = builders.clinician(), builders.clinician("Mara Ruiz")
    mine, others = builders.article(), builders.article()
    publishing.submit(mine, to=theo, by=editor)
    publishing.submit(others, to=mara, by=editor)

    response = signed_in(theo.user).get(LIST, {"list": "mine"})

    assert list(response.context["cl"].result_list) == [mine]


@pytest.mark.parametrize(
    "query", [{"q": "heel"}, {"list": "drafts", "kind__exact": "health"}, {"topic": "feet"}]
)
def test_the_list_is_searched_and_narrowed(signed_in, editor, query):
    wanted = builders.article(title="Sore heel", main_topic=builders.topic("Feet", slug="feet"))
    publishing.publish(builders.article(title="New hours", kind="news"), by=builders.user("Manager"))

    response = signed_in(editor).get(LIST, query)

    assert list(response.context["cl"].result_list) == [wanted]


# Writing


def test_an_editor_starts_an_article_and_lands_at_its_desk(signed_in, editor):
    page = signed_in(editor)

    refused = page.post(ADD, {"kind": "health", "title": "", "slug": ""})
    response = page.post(ADD, {"kind": "health", "title": "Stiff neck", "slug": ""})

    article = Article.objects.get()
    assert refused.context["form"].errors == {"title": ["Enter a title."]}
    assert response.url == address(article)
    assert (article.slug, article.latest.title, article.latest.created_by) == (
        "stiff-neck",
        "Stiff neck",
        editor,
    )


def test_saving_keeps_the_next_revision_with_its_reason(signed_in, editor):
    article = builders.article(body=BODY)

    response = signed_in(editor).post(
        address(article), filled_in(article, title="Heel pain", reason="Plainer title"), follow=True
    )

    article.refresh_from_db()
    assert (article.latest.number, article.latest.title, article.latest.reason) == (
        2,
        "Heel pain",
        "Plainer title",
    )
    assert said(response) == ["Saved. Readers don’t see it before it is published."]


def test_saving_an_unchanged_form_changes_nothing(signed_in, editor):
    article = builders.article(body=BODY)

    response = signed_in(editor).post(address(article), filled_in(article), follow=True)

    article.refresh_from_db()
    assert (article.latest.number, said(response)) == (1, ["Nothing has changed."])


def test_the_form_shows_the_newest_text(signed_in, editor):
    article = builders.article(body=BODY)

    form = signed_in(editor).get(address(article)).context["form"]

    assert {name: form[name].value() for name in ("title", "body", "based_on")} == {
        "title": article.latest.title,
        "body": BODY,
        "based_on": article.latest_id,
    }
    assert form.sources[0]["title"].value() == "Heel pain guideline"


def test_a_row_of_sources_without_a_title_is_left_out_and_said_where_it_has_more(signed_in, editor):
    article = builders.article()
    page = signed_in(editor)
    rows = {"sources-TOTAL_FORMS": 2, "sources-1-title": "", "sources-1-year": ""}

    page.post(address(article), filled_in(article, title="Heel pain", **rows))
    refused = page.post(address(article), filled_in(article, **rows | {"sources-1-year": 2024}))

    article.refresh_from_db()
    assert len(article.latest.sources) == 1
    assert refused.context["form"].non_field_errors() == ["Look at the sources: a row is not complete."]
    assert refused.context["form"].sources[1].errors == {
        "title": ["Enter the title of this source, or empty the whole row."]
    }


def test_what_is_wrong_is_said_and_what_was_typed_stays_A11(signed_in, editor):
    article = builders.article()
    too_long = "x" * 500_001

    form = (
        signed_in(editor)
        .post(address(article), filled_in(article, title="", body=too_long, summary="A new lead"))
        .context["form"]
    )

    assert form.errors["title"] == ["Enter a title."]
    assert form.errors["body"] == ["This text is longer than 500 kB. Split it into two articles."]
    assert form["summary"].value() == "A new lead"


def test_the_second_of_two_writers_sees_both_texts_and_saves_on_top_A18(signed_in, editor):
    article = builders.article(body=BODY)
    late = filled_in(article, body="<p>Words of the second writer.</p>")
    other = builders.user("Editor", name="Ada Cole")
    first = {name: getattr(article.latest, name) for name in writing.FIELDS}
    writing.keep(
        article,
        first | {"body": "<p>Words of the first writer.</p>"},
        topics=article.latest.topics.all(),
        by=other,
        based_on=article.latest,
    )
    page = signed_in(editor)

    conflict = page.post(address(article), late)
    form = conflict.context["form"]
    on_top = late | {"based_on": form["based_on"].value(), "version": form["version"].value()}
    page.post(address(article), on_top)

    assert (conflict.status_code, conflict.context["conflict"]["who"]) == (409, other)
    assert [str(part.label) for part in conflict.context["conflict"]["differences"]] == ["text"]
    assert form["body"].value() == "<p>Words of the second writer.</p>"
    article.refresh_from_db()
    assert (article.latest.number, article.latest.body) == (3, "<p>Words of the second writer.</p>")


def test_unsaved_text_of_someone_else_is_not_overwritten_unseen(signed_in, editor):
    article = builders.article(body=BODY)
    late = filled_in(article, title="Mine")
    other = builders.user("Editor", name="Ada Cole")
    writing.set_aside(article, builders.text(title="Hers"), topics=[], by=other, version=0)

    conflict = signed_in(editor).post(address(article), late)

    assert (conflict.status_code, conflict.context["conflict"]["who"]) == (409, other)
    assert WorkingCopy.objects.get().title == "Hers"


def test_who_comes_later_goes_on_with_the_unsaved_text(signed_in, editor):
    article = builders.article(body=BODY)
    other = builders.user("Editor", name="Ada Cole")
    writing.set_aside(article, builders.text(title="Hers"), topics=[], by=other, version=0)
    page = signed_in(editor)

    form = page.get(address(article)).context["form"]
    page.post(address(article), filled_in(article, title="Hers and mine", version=form["version"].value()))

    article.refresh_from_db()
    assert (form["title"].value(), article.latest.title) == ("Hers", "Hers and mine")
    assert not WorkingCopy.objects.exists()


# Preview


def test_the_preview_shows_the_unsaved_text_and_stores_no_revision(signed_in, editor):
    article = builders.published_article(title="Sore heel", body=BODY)
    page = signed_in(editor)

    for version, title in enumerate(["Heel pain, first try", "Heel pain, second try"]):
        text = filled_in(article, title=title, version=version)
        response = page.post(address(article, "set_aside"), text, follow=True)

    assert response.redirect_chain == [(address(article, "preview"), 302)]
    assert response.context["text"].title == "Heel pain, second try"
    assert '<h2 id="what-helps">' in response.content.decode()
    assert article.revisions.count() == 1


def test_the_preview_is_never_stored_or_indexed(signed_in, editor):
    response = signed_in(editor).get(address(builders.article(), "preview"))

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_readers_see_nothing_of_a_preview(client, signed_in, editor):
    article = builders.published_article(title="Sore heel", body=BODY)
    signed_in(editor).post(address(article, "set_aside"), filled_in(article, title="Not yet"))
    client.logout()

    public = client.get(article.get_absolute_url())

    assert public.context["text"].title == "Sore heel"


def test_a_clinician_previews_the_newest_text_and_not_what_is_being_written(signed_in, editor):
    article = builders.article(title="Sore heel")
    writing.set_aside(article, builders.text(title="Half a thought"), topics=[], by=editor, version=0)

    response = signed_in(builders.clinician().user).get(address(article, "preview"))

    assert response.context["text"].title == "Sore heel"


def test_older_texts_can_be_looked_at(signed_in, editor):
    article = builders.article(title="Sore heel")
    signed_in(editor).post(address(article), filled_in(article, title="Heel pain"))

    response = signed_in(editor).get(address(article, "revision", 1))

    assert response.context["text"].title == "Sore heel"
    assert signed_in(editor).get(address(article, "revision", 9)).status_code == 404


# Steps


def test_a_text_goes_from_draft_to_its_readers(signed_in, editor):
    article, theo = builders.article(), builders.clinician()

    signed_in(editor).post(address(article, "step", "submit"), seen(article, to=theo.pk, remark="By Friday"))
    day = timezone.localdate() + timedelta(days=365)
    signed_in(theo.user).post(
        address(article, "step", "sign_off"), seen(article, next_review_on=day.isoformat())
    )
    response = signed_in(editor).post(address(article, "step", "publish"), seen(article), follow=True)

    article.refresh_from_db()
    assert (article.status, article.live.signature.next_review_on) == ("published", day)
    assert said(response) == ["Published."]


def test_only_clinicians_who_may_sign_can_be_asked(signed_in, editor):
    theo, mara = builders.clinician(), builders.clinician("Mara Ruiz")
    builders.clinician("Lapsed", expires_on=timezone.localdate() - timedelta(days=1))
    builders.clinician("Gone", left_on=timezone.localdate())
    builders.therapist("Without a login")
    article = builders.article(author=mara)

    steps = signed_in(editor).get(address(article)).context["steps"]

    (submit,) = (form for form in steps if form.step == "submit")
    assert list(submit.fields["to"].queryset) == [theo]


def test_every_reason_against_publishing_is_said_on_the_page(signed_in, editor):
    article = builders.signed_article(sources=[], summary="")

    response = signed_in(editor).post(address(article, "step", "publish"), seen(article))

    assert said(response) == ["Write the lead.", "Name at least one source."]
    assert [finding.message for finding in response.context["findings"].blocking] == said(response)
    assert state(article) == "signed"


def test_nobody_signs_a_text_they_have_not_seen(signed_in, editor):
    article, theo = builders.article(), builders.clinician()
    old = seen(article, next_review_on="2027-05-01")
    signed_in(editor).post(address(article), filled_in(article, title="Heel pain"))

    response = signed_in(theo.user).post(address(article, "step", "sign_off"), old, follow=True)

    assert said(response) == ["Someone else changed this. Look at it again, then decide."]
    assert state(article) == "draft"


def test_sending_back_needs_a_remark(signed_in, editor):
    article, theo = builders.article(), builders.clinician()
    publishing.submit(article, to=theo, by=editor)
    page = signed_in(theo.user)

    without = page.post(address(article, "step", "send_back"), seen(article))
    page.post(address(article, "step", "send_back"), seen(article, remark="The doses are missing"))

    (form,) = (form for form in without.context["steps"] if form.step == "send_back")
    assert form.errors == {"remark": ["Say what should change."]}
    assert (state(article), article.events.first().remark) == ("draft", "The doses are missing")


def test_a_remark_stands_at_the_top_until_sign_off_is_asked_for_anew(signed_in, editor):
    article, theo = builders.article(), builders.clinician()
    publishing.submit(article, to=theo, by=editor)
    publishing.send_back(article, by=theo.user, remark="The doses are missing")
    page = signed_in(editor)

    sent_back = page.get(address(article)).context["sent_back"]
    page.post(address(article), filled_in(article, title="Heel pain"))
    mended = page.get(address(article)).context["sent_back"]
    article.refresh_from_db()
    publishing.submit(article, to=theo, by=editor)

    assert sent_back.remark == mended.remark == "The doses are missing"
    assert page.get(address(article)).context["sent_back"] is None


def test_publishing_without_a_check_is_confirmed_first(signed_in):
    article = builders.article()
    page = signed_in(builders.user("Manager"))

    page.post(address(article, "step", "publish_unsigned"), seen(article))
    unconfirmed = state(article)
    page.post(address(article, "step", "publish_unsigned"), seen(article, is_certain="on"))

    assert (unconfirmed, state(article)) == ("draft", "published")


def test_news_is_published_by_its_editor(signed_in, editor):
    article = builders.article(kind="news", author=None, sources=[])

    signed_in(editor).post(address(article, "step", "publish"), seen(article))

    assert state(article) == "published"


def test_an_older_text_comes_back_to_readers_or_as_a_draft(signed_in, editor):
    article = builders.published_article(body=BODY)
    page = signed_in(editor)
    page.post(address(article), filled_in(article, body="<p>Another text altogether, with new words.</p>"))
    article.refresh_from_db()
    signing.sign_off(article, by=builders.clinician().user)
    publishing.publish(article, by=editor)

    (older,) = page.get(address(article)).context["rows"][1:]
    page.post(address(article, "step", "take_up"), seen(article, number=1))
    article.refresh_from_db()
    page.post(address(article, "step", "roll_back"), seen(article, number=1))

    article.refresh_from_db()
    assert [form.step for form in older.forms] == ["take_up", "roll_back"]
    assert (article.live.number, article.latest.number, article.latest.body) == (1, 3, BODY)


def test_archiving_and_back(signed_in, editor):
    article = builders.published_article()
    page = signed_in(editor)

    page.post(address(article, "step", "archive"), seen(article, remark="Out of date", where="gone"))
    archived = page.get(address(article)).context
    page.post(address(article, "step", "restore"), seen(article))

    assert ([form.step for form in archived["steps"]], archived["form"]) == (["restore"], None)
    assert state(article) == "draft"


def test_the_signer_objects_on_the_page(signed_in, editor):
    theo = builders.clinician()
    article = builders.signed_article(signer=theo, body=BODY)
    signed_in(editor).post(address(article), filled_in(article, body=BODY.replace("soft", "firm")))
    article.refresh_from_db()

    signed_in(theo.user).post(address(article, "step", "object"), seen(article))

    article.refresh_from_db()
    assert (article.status, article.latest.signature) == ("draft", None)


def test_unsaved_text_is_dropped_by_those_who_are_certain(signed_in, editor):
    article = builders.article()
    writing.set_aside(article, builders.text(title="Half a thought"), topics=[], by=editor, version=0)
    page = signed_in(editor)

    page.post(address(article, "step", "discard"), seen(article))
    unconfirmed = WorkingCopy.objects.count()
    page.post(address(article, "step", "discard"), seen(article, is_certain="on"))

    assert (unconfirmed, WorkingCopy.objects.count()) == (1, 0)


# Who may do what

STEPS = {
    "submit": "Editor",
    "sign_off": "Clinician",
    "check_again": "Clinician",
    "send_back": "Clinician",
    "object": "Clinician",
    "publish": "Editor Manager",
    "publish_unsigned": "Manager",
    "archive": "Editor Manager",
    "restore": "Editor Manager",
    "roll_back": "Editor Manager",
    "take_up": "Editor",
    "discard": "Editor",
}


@pytest.mark.parametrize("role", ["Editor", "Clinician", "Manager", "Front desk"])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_open_to_its_roles_only(signed_in, role, step):
    article = builders.article()

    response = signed_in(builders.user(role)).post(address(article, "step", step), seen(article))

    assert response.status_code == (403 if role not in STEPS[step] else response.status_code)
    assert (response.status_code == 403) == (role not in STEPS[step])


@pytest.mark.parametrize("role", ["Clinician", "Manager", "Front desk"])
def test_only_editors_write(signed_in, role):
    article = builders.article()
    page = signed_in(builders.user(role))

    answers = [
        page.post(address(article), filled_in(article, title="Changed")),
        page.post(address(article, "set_aside"), filled_in(article, title="Changed")),
        page.post(address(article, "autosave"), filled_in(article, title="Changed")),
        page.post(ADD, {"kind": "news", "title": "Changed"}),
    ]

    article.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    assert (article.latest.title, Article.objects.count()) == ("Sore heel", 1)


def test_the_front_desk_sees_no_article(signed_in):
    article = builders.article()
    page = signed_in(builders.user("Front desk"))

    pages = [LIST, address(article), address(article, "preview"), address(article, "revision", 1)]

    assert [page.get(url).status_code for url in pages] == [403, 403, 403, 403]


def test_a_clinician_reads_the_whole_text_and_has_no_form(signed_in):
    article = builders.article(body=BODY)

    response = signed_in(builders.clinician().user).get(address(article))

    assert response.context["form"] is None
    assert "Walk a little less and wear soft shoes." in response.content.decode()


def test_nobody_deletes_an_article(admin_client):
    article = builders.article()

    response = admin_client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"})

    assert (response.status_code, Article.objects.count()) == (404, 1)
