"""No start without keys and an administrator, unless it is the demo."""

from django.conf import settings
from django.db import DatabaseError

from portal.bootstrap.environment import NOT_READY
from portal.kernel.access import Role
from portal.kernel.models import User


def is_ready() -> bool:
    """Whether there is a key ring and somebody who may manage accounts."""
    if not settings.KEYS_FILE.exists():
        return False
    try:
        return User.objects.filter(kind=User.Kind.STAFF, is_active=True, memberships__role=Role.ADMIN).exists()
    except DatabaseError:
        return False


def stop_unless_ready() -> None:
    """End the process with the one sentence that names the command to run."""
    if not settings.DEMO and not is_ready():
        raise SystemExit(NOT_READY)
