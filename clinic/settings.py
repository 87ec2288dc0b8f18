"""Every setting of the site, from the environment alone. The README lists the variables."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key

from clinic import environment

BASE_DIR = Path(__file__).resolve().parent.parent

# Who may reach the site, and under which name

DEBUG = environment.flag("DEBUG")
SITE_URL = environment.site_url(debug=DEBUG)
ALLOWED_HOSTS = environment.allowed_hosts(SITE_URL, debug=DEBUG)
IS_HTTPS = SITE_URL.startswith("https://")
TRUSTED_PROXY_COUNT = environment.trusted_proxy_count()

SECRET_KEY, SECRET_KEY_FALLBACKS = environment.secret_keys(debug=DEBUG)
SECRET_KEY = SECRET_KEY or get_random_secret_key()
ENCRYPTION_KEYS = environment.encryption_keys()

# Parts

INSTALLED_APPS = [
    "clinic.apps.ClinicConfig",
    # Before our apps, whose admin takes its lists off the staff pages.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "staff.apps.StaffConfig",
    "articles.apps.ArticlesConfig",
    "appointments.apps.AppointmentsConfig",
    "django_prose_editor",
    "crispy_forms",
    "csp",
    "clinic.site.apps.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Last, because roles are synchronised after migrate, when all permissions exist.
    "clinic.site.apps.SiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clinic.site.watching.forwarded.ForwardedHeadersMiddleware",
    # Before whitenoise, so that static files carry the headers too.
    "clinic.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Inside of whitenoise, whose files are compressed already; around those that set cookies.
    "clinic.site.compression.PublicCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Before the CSRF check, which reads the whole body.
    "clinic.site.limits.RequestLimitsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # After the CSRF cookie, which a patient needs to send again; before all that asks the database.
    "clinic.site.maintenance.MaintenanceMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.site.known_browsers.KnownBrowserMiddleware",
    "clinic.site.lock.PresenceMiddleware",
    "clinic.site.second_factors.SecondFactorMiddleware",
    "clinic.site.kept_posts.KeptPostMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clinic.site.failures.DatabaseDownMiddleware",
    "clinic.site.old_addresses.OldAddressMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.site.context.site",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "forms"
CRISPY_TEMPLATE_PACK = "forms"

# What is stored, and where

DATABASES = {"default": environment.database(BASE_DIR)}
DATABASES["default"] |= {
    # On SQLite too: closing the last connection folds the write-ahead log back, at the cost of disk syncs.
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        # A transaction that starts by reading cannot be refused when it comes to write.
        "transaction_mode": "IMMEDIATE",
        # FULL, because with NORMAL a power cut takes back committed requests.
        # secure_delete, because erased answers must leave the file as well.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        **DATABASES["default"].get("OPTIONS", {}),
        "options": "-c synchronous_commit=on",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": environment.cache()}

MEDIA_URL = "media/"
MEDIA_ROOT = environment.folder("MEDIA_ROOT", BASE_DIR, default="var/media")
# What failure pages show without the database (clinic.facts).
FACTS_FILE = MEDIA_ROOT.parent / "facts.json"
# While it exists, visitors are told that we are back soon (clinic.site.maintenance).
MAINTENANCE_FILE = MEDIA_ROOT.parent / "maintenance"
# What proxies show while this process does not answer, or for what they refuse (clinic.site.stand_in).
STAND_IN_FOLDER = MEDIA_ROOT.parent / "pages"
# The key of second factors and backups, where ENCRYPTION_KEYS sets none (clinic.encryption).
ENCRYPTION_KEY_FILE = MEDIA_ROOT.parent / "encryption-key"
# Backups, unless the command names another place, and where rsync carries them (clinic.backup).
BACKUP_FOLDER = MEDIA_ROOT.parent / "backups"
BACKUP_COPY_TO = environment.text("BACKUP_COPY_TO")
# All else is made for the site's user alone (manage.py, wsgi.py); proxies serve pictures by their group.
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var/static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "clinic.static_files.LightStaticFilesStorage"
        )
    },
}

# Staff accounts; patients have none

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["staff.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "staff.password_rules.ClinicWordsValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Asked of everybody who sees requests (clinic.site.second_factors).
REQUIRE_MFA = environment.flag("REQUIRE_MFA", default=True)

SESSION_ENGINE = "clinic.site.session_store"
# At most; a session ends when the clinic has closed (clinic.site.closing_time).
SESSION_COOKIE_AGE = 16 * 60 * 60
# The cookie storage would hand a request's reference to the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "clinic.site.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "clinic.site.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Failures are what counts (clinic.site.sign_in), not how often a desk opens the page.
ACCOUNT_RATE_LIMITS = {"login": None}
ACCOUNT_LOGOUT_REDIRECT_URL = "admin:index"
MFA_ADAPTER = "clinic.site.second_factors.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "clinic.site.passkey_forms.AddForm",
    "login_webauthn": "clinic.site.passkey_forms.LoginForm",
    "authenticate_webauthn": "clinic.site.passkey_forms.AuthenticateForm",
    "reauthenticate_webauthn": "clinic.site.passkey_forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers offer keys over https, and on this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Half a minute, because clocks of phones and servers differ.
MFA_TOTP_TOLERANCE = 1
# A whole desk signs in from one address.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}

# Mail

vars().update(environment.mail(BASE_DIR, debug=DEBUG))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.from_email(debug=DEBUG)

# Language, place and time

LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = ["clinic.formats"]
TIME_ZONE = environment.time_zone(debug=DEBUG)
USE_TZ = True
COUNTRY = environment.country()

# Cookies and headers

# A __Host- name binds the cookie to this host and to https; browsers refuse it on plain http.
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
# Of the staff pages alone, which the other prefix cannot say.
KNOWN_BROWSER_COOKIE_NAME = "__Secure-known-browser" if IS_HTTPS else "known-browser"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "clinic.site.failures.csrf_failure"

SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = IS_HTTPS
    # Probes come straight from the machine, without the proxy's header.
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # Sub-domains and preload lists bind the clinic's other services: the operator's decision.
    "security.W005",
    "security.W021",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "clinic.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        # The development server's request lines hold paths and query strings.
        "django.server": {"handlers": [], "propagate": False},
    },
}
