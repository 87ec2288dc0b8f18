import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from clinic import durability

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

try:
    application = get_wsgi_application()
    durability.refuse_less()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
