"""What the environment says: real settings, secrets from files, where things lie. Standard library only."""

import os
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO_SWITCH = "PORTAL_DEMO"
REAL_SETTINGS = (
    "DATABASE_URL",
    "REDIS_URL",
    "ELASTICSEARCH_URL",
    "S3_URL",
    "CLAMD_URL",
    "EMAIL_URL",
    "SMS_URL",
    "PORTAL_HOST",
    "PORTAL_ORIGIN",
    "PORTAL_PROXY",
)
NOT_READY = (
    "这里还没有密钥和管理员，请先运行：python3 -m portal init"
    " (There are no keys and no administrator yet: run python3 -m portal init first.)"
)
FROM_FILES = (*REAL_SETTINGS, "PORTAL_ADMIN_PASSWORD")


class MissingSecret(Exception):
    """A `…_FILE` setting names a file that cannot be read."""


def read_secrets(environ: MutableMapping[str, str] = os.environ) -> None:
    """Fill each setting from the file that its `…_FILE` twin names, so that no secret stands in the environment."""
    for name in FROM_FILES:
        path = environ.get(f"{name}_FILE")
        if path and name not in environ:
            try:
                environ[name] = Path(path).read_text().strip()
            except OSError as error:
                raise MissingSecret(f"{name}_FILE: {path} ({error.strerror})") from error


def real_settings(environ: MutableMapping[str, str] = os.environ) -> list[str]:
    """The settings that make this a real start; empty for a demo."""
    return [name for name in REAL_SETTINGS if environ.get(name) or environ.get(f"{name}_FILE")]


def data_dir(environ: MutableMapping[str, str] = os.environ) -> Path:
    """Where the portal keeps what it makes at run time."""
    return Path(environ.get("DATA_DIR") or ROOT / ".data").resolve()


def keys_file(environ: MutableMapping[str, str] = os.environ) -> Path:
    """Where the key ring lies: outside the data folder, so a copy of the data opens nothing."""
    return Path(environ.get("KEYS_FILE") or ROOT / ".keys" / "ring.json").resolve()
