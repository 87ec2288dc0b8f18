"""The mark by which the site knows its own test request. Nobody else can make one, and it works once.

It travels in a header, which no link and no form of a foreign page can set. Whatever carries no mark,
or a forged, an old or a spent one, is an ordinary request: nobody hides a patient by pretending.
"""

from datetime import timedelta

from django.core import signing

from clinic.models import SelfTest

HEADER = "Self-Test"
SALT = "clinic.self_test"
# Longer than the slowest journey of the test's visitor.
VALID_FOR = timedelta(minutes=2)


def mark_of(test):
    """Return the mark of a self-test that is about to begin."""
    return signing.dumps(test.pk, salt=SALT)


def mark_on(request):
    """Return the mark that came with a request, empty for everybody else's."""
    return request.headers.get(HEADER, "")


def is_marked(request):
    """Tell whether the site itself asks for this page, which then counts as nobody's visit."""
    return _test_of(mark_on(request)) is not None


def redeem(mark, now):
    """Return the id of the self-test with this mark, once; None for any other mark.

    Call it in the transaction that stores the request, so that both happen or neither.
    """
    pk = _test_of(mark)
    is_first = pk is not None and SelfTest.objects.filter(pk=pk, sent_at=None).update(sent_at=now)
    return pk if is_first else None


def _test_of(mark):
    try:
        return signing.loads(mark, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
