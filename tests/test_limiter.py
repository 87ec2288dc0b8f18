"""Counting what somebody does, without keeping whom; and whom a request really comes from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from clinic import audit, limiter, peers, retention
from clinic.models import Hit

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hits(what="send", who="192.0.2.7", now=NOW):
    return limiter.hits(what, who, within=HOUR, now=now)


@pytest.mark.django_db
def test_hits_are_counted_per_doing_and_sender_within_the_time_asked_for():
    for minutes in (0, 10, 59, 61):
        limiter.note("send", "192.0.2.7", NOW - timedelta(minutes=minutes))
    limiter.note("send", "192.0.2.8", NOW)
    limiter.note("withdraw", "192.0.2.7", NOW)

    assert (hits(), hits(who="192.0.2.8"), hits("withdraw"), hits(now=NOW + HOUR)) == (3, 1, 1, 0)


@pytest.mark.django_db
def test_who_it_was_is_not_stored():
    limiter.note("send", "192.0.2.7", NOW)

    assert "192.0.2.7" not in repr(Hit.objects.values_list())
    assert len(Hit.objects.get().bucket) == 64


@pytest.mark.django_db
def test_after_a_day_hits_are_forgotten():
    limiter.note("send", "192.0.2.7", NOW - timedelta(hours=25))
    limiter.note("send", "192.0.2.7", NOW - timedelta(hours=23))

    retention.purge(NOW)

    assert list(Hit.objects.values_list("at", flat=True)) == [NOW - timedelta(hours=23)]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.66, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, " 203.0.113.9 ,10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, ", ,", "192.0.2.1"),
    ],
)
def test_t7_only_what_our_own_proxies_wrote_names_the_sender(settings, proxies, forwarded, peer):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers=headers)

    assert peers.address_of(request) == peer


@pytest.mark.parametrize(
    ("written", "address", "place"),
    [
        ("203.0.113.9:5678", "203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:99", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::9", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:DB8:1:2::9]:99", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("unknown", "", ""),
        ("", "", ""),
    ],
)
def test_t7_however_an_address_is_written_it_counts_as_one_place(written, address, place):
    request = RequestFactory().get("/", REMOTE_ADDR=written)

    assert (peers.address_of(request), peers.place_of(request)) == (address, place)


@pytest.mark.django_db
def test_the_trail_names_the_network_of_the_sender_behind_our_proxy(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": "198.51.100.66, 203.0.113.9"}
    )
    request.user = AnonymousUser()

    assert audit.record("request.viewed", request=request).peer == "203.0.113.0"
