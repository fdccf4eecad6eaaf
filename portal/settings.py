"""Settings of the portal, from the environment. An absent URL means the embedded part."""

import secrets
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.bootstrap import environment
from portal.kernel import access_rules, keyring, logs

django_stubs_ext.monkeypatch()
environment.read_secrets()
env = environ.Env()

BASE_DIR = environment.ROOT
DATA_DIR = environment.data_dir()
KEYS_FILE = environment.keys_file()
FRONTEND_DIR = BASE_DIR / "frontend"

REAL_SETTINGS = environment.real_settings()
DEMO = env.bool(environment.DEMO_SWITCH, default=False) and not REAL_SETTINGS
DEBUG = False
SECRET_KEY = keyring.load(KEYS_FILE).django_secret if KEYS_FILE.exists() else secrets.token_urlsafe(48)

HOST = env.str("PORTAL_HOST", default="")
ALLOWED_HOSTS = [*([HOST] if HOST else []), "127.0.0.1", "localhost", "[::1]"]
ORIGIN = env.str(
    "PORTAL_ORIGIN", default=f"https://{HOST}" if HOST else f"http://127.0.0.1:{env.int('PORTAL_PORT', default=8000)}"
)
HAS_TLS = ORIGIN.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ORIGIN] if HAS_TLS else []
TRUSTED_PROXY = env.str("PORTAL_PROXY", default="")

INSTALLED_APPS = [
    "portal",
    "portal.kernel",
    "publicity",
    "complaints",
    "mediation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django_vite",
    "drf_spectacular",
    "knox",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "portal.kernel.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.kernel.errors.RefusedMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FRONTEND_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.context.house",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── Data ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="")
    if url and not url.startswith("sqlite"):
        pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=10), "timeout": 10}
        return {**env.db_url("DATABASE_URL"), "CONN_MAX_AGE": 0, "OPTIONS": {"pool": pool}}
    path = env.db_url("DATABASE_URL")["NAME"] if url else DATA_DIR / "portal.sqlite3"
    pragmas = ("journal_mode=WAL", "synchronous=NORMAL", "mmap_size=268435456", "journal_size_limit=67108864")
    init = ";".join(f"PRAGMA {pragma}" for pragma in pragmas)
    return {
        "ENGINE": "portal.kernel.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, "init_command": init},
    }


DATABASES = {"default": _database()}
FILES_DIR = DATA_DIR / "files"
SEARCH_DIR: Path | None = DATA_DIR / "search"
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
S3_URL = env.str("S3_URL", default="")
CLAMD_URL = env.str("CLAMD_URL", default="")
CITY = env.str("PORTAL_CITY", default="tianjin")
ACCESS_LOG_YEARS = env.int("ACCESS_LOG_YEARS", default=access_rules.USUAL_YEARS)
if ACCESS_LOG_YEARS < access_rules.SHORTEST_YEARS:
    raise ImproperlyConfigured(f"ACCESS_LOG_YEARS is at least {access_rules.SHORTEST_YEARS} (个保法56)")
ROLL_WEEKEND = env.bool("PORTAL_ROLL_WEEKEND", default=False)

# ── Broker, cache, sockets ────────────────────────────────────────────────────────────────────────────────────────────

REDIS_URL = env.str("REDIS_URL", default="")
IS_EMBEDDED = not REDIS_URL

if REDIS_URL:
    REDIS_CACHE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    SOON = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    CACHES: dict[str, Any] = {
        "default": REDIS_CACHE,
        "pages": {**REDIS_CACHE, "KEY_PREFIX": "pages", "OPTIONS": SOON},
    }
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
else:
    LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    CACHES = {
        "default": {**LOCAL_CACHE, "LOCATION": "portal", "OPTIONS": {"MAX_ENTRIES": 100_000}},
        "pages": {**LOCAL_CACHE, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 500}},
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "portal.kernel.memory_layer.MemoryChannelLayer"}}

CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = {} if REDIS_URL else {"polling_interval": 0.01}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# ── People ────────────────────────────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "portal.accounts.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "消费者投诉门户"
MFA_ADAPTER = "portal.accounts.SealedSecondFactor"
MFA_FORMS = {"authenticate": "portal.accounts.SecondFactorForm"}

SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SECURE = HAS_TLS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = HAS_TLS
CSRF_FAILURE_VIEW = "portal.context.csrf_failure"

# ── Safety ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SECURE_SSL_REDIRECT = HAS_TLS
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if HAS_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HAS_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# ── API ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.kernel.tokens.ClientToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"file": "60/hour", "read": "600/minute", "login": "20/hour"},
    "EXCEPTION_HANDLER": "portal.kernel.errors.api_handler",
    "NUM_PROXIES": 1 if TRUSTED_PROXY else 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "消费者投诉门户 API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
}

# ── Words and files for the browser ───────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [FRONTEND_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

DIST_DIR = FRONTEND_DIR / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = [DIST_DIR] if DIST_DIR.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": DIST_DIR / "manifest.json"}}

# ── Messages and logs ─────────────────────────────────────────────────────────────────────────────────────────────────

SMS_URL = env.str("SMS_URL", default="")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("PORTAL_MAIL_FROM", default=f"no-reply@{HOST or 'localhost'}")

LOGGING_CONFIG = None
logs.configure(
    as_json=bool(REAL_SETTINGS), level=env.str("PORTAL_LOG_LEVEL", default="INFO" if REAL_SETTINGS else "WARNING")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = False
