"""The kernel's own jobs, imported when the app is ready."""

from portal.kernel import notices

__all__ = ["notices"]
