"""Days and times where a template names no format of its own, above all in Django's lists.

clinic.stock_words says what P is.
"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, P"
TIME_FORMAT = "P"
SHORT_DATE_FORMAT = "j F Y"
SHORT_DATETIME_FORMAT = "j F Y, P"
