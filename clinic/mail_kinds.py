"""Which function makes which kind of mail; free of models, so that app configurations can fill it."""

from django.utils.module_loading import import_string

_makers = {}


class NothingToSend(Exception):
    """Raised by a maker when the event it tells of no longer needs telling."""


def register(kind, maker):
    """Name the function (dotted path) that turns an object id into an EmailMessage of this kind."""
    _makers[kind] = maker


def make(kind, object_id):
    """Return the EmailMessage of this kind about this object, from the records as they are now."""
    return import_string(_makers[kind])(object_id)
