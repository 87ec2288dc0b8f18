"""Write the site's logo and icons: python -m clinic.site.demo.pictures clinic/static/clinic"""

import sys
from pathlib import Path

from .mark import write_icons

write_icons(Path(sys.argv[1]))
