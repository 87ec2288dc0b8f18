import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from clinic import durability, exposure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

# What the site writes is nobody else's to read, whoever started it.
os.umask(0o077)

try:
    application = get_wsgi_application()
    durability.refuse_less()
    exposure.refuse()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
