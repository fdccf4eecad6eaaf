"""The portal's own settings, with everything it writes in a folder that ends with the run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.kernel import keyring

_memory = Path("/dev/shm")
SCRATCH = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=_memory if os.access(_memory, os.W_OK) else None))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

os.environ["DATA_DIR"] = str(SCRATCH / "data")
os.environ["KEYS_FILE"] = str(SCRATCH / "keys" / "ring.json")
os.environ.setdefault("PORTAL_LOG_LEVEL", "WARNING")
(SCRATCH / "data").mkdir()
keyring.make(SCRATCH / "keys" / "ring.json")

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, DIST_DIR, DJANGO_VITE  # noqa: E402

if DATABASES["default"]["ENGINE"] == "portal.kernel.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"

SEARCH_DIR = None
ELASTICSEARCH_URL = ""
S3_URL = os.environ.get("PORTAL_TEST_S3_URL", "")
CLAMD_URL = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SECURE_SSL_REDIRECT = False

if not (DIST_DIR / "manifest.json").exists():
    DJANGO_VITE["default"]["dev_mode"] = True
