"""The steps of `make run` that need Django."""

import io

import pytest
from django.core.management import call_command

from tests import builders


@pytest.mark.django_db(transaction=True)
def test_the_logins_that_are_printed_are_those_of_this_site(settings):
    # Static files are collected without DEBUG alone.
    settings.DEBUG = True
    builders.user()
    (settings.FACTS_FILE.parent / "demo-logins.txt").write_text("editor someone@harbor.example secret\n")
    printed = io.StringIO()

    call_command("prepare", stdout=printed)

    assert printed.getvalue().splitlines()[-1] == "editor someone@harbor.example secret"
