"""Pages for the proxy to show where this process can't: it is down, or was not to be asked.

The worker writes them at its start and every hour, so that they show today's name and phone.
"""

from django.conf import settings

from clinic import whole_files
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
        whole_files.write(folder / f"{status}.html", page, MODE)
