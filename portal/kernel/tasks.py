"""The kernel's own jobs, imported when the app is ready."""

from portal.kernel import documents, files, notices

__all__ = ["documents", "files", "notices"]
