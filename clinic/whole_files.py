"""Files that others may be reading while they are written."""

import os
import tempfile
from pathlib import Path


def write(path, content, mode=0o600):
    """Write bytes to a file: readers find the old or the new ones, and a failure leaves nothing behind."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        try:
            draft.write(content)
            draft.close()
            os.chmod(draft.name, mode)
            os.replace(draft.name, path)
        finally:
            Path(draft.name).unlink(missing_ok=True)
