#!/usr/bin/env python3
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main():
    """Run a management command; a setting that is missing or wrong ends in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    # What the site writes is nobody else's to read, whoever started it.
    os.umask(0o077)
    try:
        django.setup()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
