"""Sessions in the database as Django keeps them, except that nobody undoes a lock by saving an older copy.

A request reads its session when it begins and writes all of it when it ends. One that was under way while
another locked the screen would open it again.
"""

from django.contrib.sessions.backends import db
from django.db import transaction

from clinic.site.presence import LOCKED_AT


class SessionStore(db.SessionStore):
    lock_when_loaded = None

    def load(self):
        data = super().load()
        self.lock_when_loaded = data.get(LOCKED_AT)
        return data

    @transaction.atomic
    def save(self, must_create=False):
        """Save the session with the lock that others have set meanwhile, or without the one they opened."""
        if self.session_key and not must_create:
            self._take_over_lock()
        super().save(must_create)
        self.lock_when_loaded = self.get(LOCKED_AT)

    def _take_over_lock(self):
        # The first look at a session loads it.
        self.get(LOCKED_AT)
        row = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
        stored = self.decode(row.session_data).get(LOCKED_AT) if row else None
        if stored == self.lock_when_loaded:
            return
        if stored:
            self[LOCKED_AT] = stored
        else:
            self.pop(LOCKED_AT, None)
