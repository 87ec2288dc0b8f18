"""Which function makes which kind of mail; free of models, so that app configurations can fill it."""

from django.utils.module_loading import import_string

_makers = {}
_labels = {}


class NothingToSend(Exception):
    """Raised by a maker when the event it tells of no longer needs telling."""


def register(kind, maker, label):
    """Name the function (dotted path) that turns an object id into an EmailMessage, and what that mail is."""
    _makers[kind] = maker
    _labels[kind] = label


def make(kind, object_id):
    """Return the EmailMessage of this kind about this object, from the records as they are now."""
    return import_string(_makers[kind])(object_id)


def label_of(kind):
    """Return what a mail of this kind is, or its code if no app makes such mail any more."""
    return _labels.get(kind, kind)
