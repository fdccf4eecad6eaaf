"""The kernel's own jobs, imported when the app is ready."""

from portal.kernel import files, notices

__all__ = ["files", "notices"]
