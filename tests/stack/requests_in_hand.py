"""Which requests the live server still works on, when the page that sent them is closed already.

A table must not be emptied under them: on PostgreSQL the two would wait for each other's locks.
"""

import threading
import time

from django.core.signals import request_finished, request_started

LONGEST_WAIT = 10

_threads = set()


def watch():
    """Note from now on which threads answer a request."""
    request_started.connect(_begin)
    request_finished.connect(_end)


def wait_for_none():
    """Return once every request is answered, or after ten seconds."""
    patience = time.monotonic() + LONGEST_WAIT
    while _threads.intersection(threading.enumerate()) and time.monotonic() < patience:
        time.sleep(0.01)


def _begin(**kwargs):
    # Django's test client answers in the test's own thread.
    if threading.current_thread() is not threading.main_thread():
        _threads.add(threading.current_thread())


def _end(**kwargs):
    _threads.discard(threading.current_thread())
