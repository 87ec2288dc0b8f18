"""Pages for the proxy to show where this process can't: it is down, or was not to be asked.

The worker writes them at its start and every hour, so that they show today's name and phone.
"""

import os
import tempfile

from django.conf import settings

from clinic.site.failures import failure_page

STATUSES = (413, 503)
# Their folder is open to the proxy's group alone.
MODE = 0o640


def write():
    """Write one page for each status; hours are left out, since the page can't know when it is read."""
    folder = settings.STAND_IN_FOLDER
    if not folder.exists():
        return
    for status in STATUSES:
        page = failure_page(status, hours_line="", is_open=False).content
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(page)
        os.chmod(file.name, MODE)
        os.replace(file.name, folder / f"{status}.html")
