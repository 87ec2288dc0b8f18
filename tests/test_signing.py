"""A signature is one named clinician's word for exactly one text."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles import publishing, signing, writing
from articles.models import Article, Revision, Signature
from articles.steps import Refused
from clinic.models import OutboxMessage
from clinic.moves import Stale
from tests import builders

pytestmark = pytest.mark.django_db

BODY = "<h2>What helps</h2><p>Walk a little less and wear soft shoes for some weeks.</p>"


def keep(article, by=None, **changes):
    text = {name: getattr(article.latest, name) for name in writing.FIELDS} | changes
    return writing.keep(
        article,
        text,
        topics=article.latest.topics.all(),
        by=by or builders.user("Editor"),
        based_on=article.latest,
    )


def refusal(article, **signer):
    with pytest.raises(Refused) as refused:
        signing.sign_off(article, **signer)
    return refused.value.messages


def test_a_signature_names_the_clinician_as_of_that_day():
    article, theo = builders.article(), builders.clinician("Theo Okafor", suffix="PT, OCS")

    signature = signing.sign_off(article, by=theo.user)

    today = timezone.localdate()
    assert (signature.signed_as, signature.signed_on) == ("Theo Okafor, PT, OCS", today)
    assert signature.licence == str(theo.licence(today))
    assert signature.next_review_on == today + signing.REVIEW_AFTER
    assert (article.status, article.latest.signature) == ("signed", signature)


def test_authors_cannot_sign_their_own_text_A15():
    theo = builders.clinician()
    article = builders.article(author=theo)

    assert refusal(article, by=theo.user) == [
        "Authors can’t sign off their own text. Choose another clinician."
    ]


def test_whoever_saved_a_text_cannot_sign_it_A15():
    theo = builders.clinician()
    article = builders.article(by=theo.user)

    assert refusal(article, by=theo.user) == [
        "Whoever saved this text can’t sign it off. Choose another clinician."
    ]


def test_a_lapsed_license_signs_nothing_A15():
    theo = builders.clinician(expires_on=timezone.localdate() - timedelta(days=1))

    assert refusal(builders.article(), by=theo.user) == ["Theo Okafor has no license that is current."]


def test_a_license_is_good_on_its_last_day():
    theo = builders.clinician(expires_on=timezone.localdate())

    assert signing.sign_off(builders.article(), by=theo.user).therapist == theo


def test_a_login_without_a_profile_signs_nothing_A15():
    clinician = builders.user("Clinician")

    assert refusal(builders.article(), by=clinician) == [
        "Your login has no therapist profile, so it can’t sign."
    ]


@pytest.mark.parametrize("days", [-1, 0, 1097])
def test_the_next_check_is_after_today_and_within_three_years_A16(days):
    day = timezone.localdate() + timedelta(days=days)

    messages = refusal(builders.article(), by=builders.clinician().user, next_review_on=day)

    assert messages == ["The next check must be within three years."]


def test_a_signature_is_bound_to_the_text_by_its_digest():
    article = builders.signed_article()
    signed, digest = article.latest, article.latest.signature.digest

    newer = keep(article, body="<p>Something entirely different is said here now.</p>")

    assert (signing.digest(signed), signing.is_bound(signed)) == (digest, True)
    assert signing.digest(newer) != digest


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Sore heel in the evening"},
        {"summary": "A sore heel is rare."},
        {"body": "<p>Run.</p>"},
        {"description": "About heels"},
        {"call_to_action": "Come in"},
        {"sources": []},
        {"author": None},
        {"main_topic": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_digest_covers_everything_a_reader_sees(changes):
    article = builders.article()
    before = signing.digest(article.latest)

    assert signing.digest(keep(article, **changes)) != before


def test_a_new_text_has_no_signature():
    article = builders.signed_article(body=BODY)

    revision = keep(article, body=BODY + "<p>Swimming is fine as well for most people.</p>")

    assert (revision.signature, article.status) == (None, "draft")


def test_signers_cannot_carry_their_own_signature_over_to_what_they_wrote_A15():
    theo = builders.clinician()
    article = builders.signed_article(signer=theo, body=BODY)

    revision = keep(article, by=theo.user, body=BODY.replace("a little less", "slightly less"))

    assert (revision.signature, article.status) == (None, "draft")


def test_an_editorial_fix_carries_the_signature_over_and_tells_the_signer():
    theo = builders.clinician()
    article = builders.signed_article(signer=theo, body=BODY)
    first = article.latest.signature

    revision = keep(article, body=BODY.replace("a little less", "slightly less"))

    carried = revision.signature
    assert (carried.carried_from, carried.signed_by, carried.signed_on) == (first, theo.user, first.signed_on)
    assert (carried.next_review_on, carried.digest) == (first.next_review_on, signing.digest(revision))
    assert article.status == "signed"
    assert [(mail.kind, mail.object_id) for mail in OutboxMessage.objects.all()] == [
        ("wording_corrected", carried.pk)
    ]


def test_many_small_fixes_do_not_add_up_to_a_text_nobody_signed():
    article = builders.signed_article(body=BODY)
    two = BODY.replace("a little less", "slightly less")
    keep(article, body=two)

    revision = keep(article, body=two.replace("soft shoes for some weeks", "good boots for several weeks"))

    assert revision.signature is None


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": []},
        {"call_to_action": "Come in"},
        {"author": None},
        {"disclosure": "Paid for by a maker of soft shoes."},
    ],
)
def test_a_change_beside_the_words_is_no_editorial_fix(changes):
    article = builders.signed_article(body=BODY)

    assert keep(article, **changes).signature is None


def test_the_signer_objects_to_a_corrected_wording_in_one_step():
    theo = builders.clinician()
    article = builders.signed_article(signer=theo, body=BODY)
    revision = keep(article, body=BODY.replace("soft", "firm"))

    signing.object_to(revision.signature, by=theo.user)

    article.refresh_from_db()
    assert (article.latest.signature, article.status) == (None, "draft")
    assert article.events.first().step == "objected"


def test_an_objection_reaches_the_fixes_made_on_top_of_it():
    theo = builders.clinician()
    article = builders.signed_article(signer=theo, body=BODY)
    first_fix = keep(article, body=BODY.replace("soft", "firm"))
    keep(article, body=BODY.replace("soft", "firm").replace("some", "several"))

    signing.object_to(first_fix.signature, by=theo.user)

    article.refresh_from_db()
    assert (article.latest.number, article.latest.signature, article.status) == (3, None, "draft")


def test_a_signature_that_was_withdrawn_a_moment_ago_is_not_carried_on():
    theo = builders.clinician()
    article = builders.signed_article(signer=theo, body=BODY)
    fixed = BODY.replace("soft", "firm")
    keep(article, body=fixed)
    as_the_writer_saw_it = Article.objects.select_related("latest__signature").get(pk=article.pk)
    signing.object_to(Article.objects.get(pk=article.pk).latest.signature, by=theo.user)

    revision = keep(as_the_writer_saw_it, body=fixed.replace("some", "several"))

    assert (revision.signature, Signature.objects.in_force().filter(revision=revision).count()) == (None, 0)


def test_an_objection_leaves_a_text_alone_that_was_signed_since():
    theo, mara = builders.clinician(), builders.clinician("Mara Ruiz")
    article = builders.signed_article(signer=theo, body=BODY)
    fix = keep(article, body=BODY.replace("soft", "firm"))
    keep(article, body="<p>Something entirely different is said here now.</p>")
    signing.sign_off(article, by=mara.user)

    signing.object_to(fix.signature, by=theo.user)

    article.refresh_from_db()
    assert (article.status, article.latest.signature.therapist) == ("signed", mara)


def test_only_the_signer_may_object_and_only_once():
    theo, mara = builders.clinician(), builders.clinician("Mara Ruiz")
    article = builders.signed_article(signer=theo, body=BODY)
    own_signature = article.latest.signature
    fix = keep(article, body=BODY.replace("soft", "firm"))

    for signature, person in [(own_signature, theo), (fix.signature, mara)]:
        with pytest.raises(Refused):
            signing.object_to(signature, by=person.user)
    signing.object_to(fix.signature, by=theo.user)
    with pytest.raises(Stale):
        signing.object_to(fix.signature, by=theo.user)


def test_checking_a_published_text_again_renews_its_signature():
    theo = builders.clinician()
    article = builders.signed_article(signer=theo)
    publishing.publish(article, by=builders.user("Editor"))
    first = article.latest.signature

    renewed = signing.sign_off(article, by=theo.user)

    first.refresh_from_db()
    assert (first.ended_at is None, renewed.ended_at, article.status) == (False, None, "published")
    assert Revision.objects.get(pk=article.live_id).signature == renewed


def test_signing_a_text_that_is_no_longer_the_newest_raises_stale():
    article, theo = builders.article(), builders.clinician()
    same_article = type(article).objects.get(pk=article.pk)
    keep(same_article, title="Another title by someone else")

    with pytest.raises(Stale):
        signing.sign_off(article, by=theo.user)
    assert Signature.objects.count() == 0


PROTECTED = [
    "UPDATE articles_revision SET body = 'changed'",
    "UPDATE articles_revision SET title = 'changed'",
    "UPDATE articles_revision SET author_id = NULL",
    "DELETE FROM articles_revision",
    "UPDATE articles_signature SET digest = 'changed'",
    "UPDATE articles_signature SET signed_as = 'Somebody'",
    "UPDATE articles_signature SET signed_on = '2020-01-01'",
    "DELETE FROM articles_signature",
    "UPDATE articles_carecardversion SET bullets = 'changed'",
    "DELETE FROM articles_carecardversion",
]


@pytest.mark.parametrize("statement", PROTECTED)
def test_the_database_refuses_to_change_what_was_signed(statement):
    builders.signed_article()

    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_database_lets_a_signature_end():
    signature = builders.signed_article().latest.signature

    ended = Signature.objects.filter(pk=signature.pk).update(ended_at=timezone.now())

    assert ended == 1


def test_the_database_refuses_two_signatures_in_force_under_one_text():
    signature = builders.signed_article().latest.signature
    signature.pk = None

    with pytest.raises(DatabaseError), transaction.atomic():
        signature.save(force_insert=True)


def test_a_signature_that_is_due_is_overdue_the_day_after():
    signature = Signature(next_review_on=date(2026, 5, 1))

    overdue = [signature.is_overdue(date(2026, 5, day)) for day in (1, 2)]

    assert overdue == [False, True]


def test_t28_an_account_that_wrote_part_of_the_text_cannot_sign_it():
    signer = builders.clinician()
    article = builders.article(by=signer.user)
    keep(article, title="A small change by somebody else")

    with pytest.raises(Refused, match="saved this text"):
        signing.sign_off(article, by=signer.user)


def test_what_was_written_before_an_earlier_check_does_not_bar_a_signer():
    writer, signer = builders.clinician(), builders.clinician()
    article = builders.article(by=writer.user)
    signing.sign_off(article, by=signer.user)
    keep(article, summary="Quite another lead, written by somebody else altogether.")

    signature = signing.sign_off(article, by=writer.user)

    assert signature.therapist == writer
