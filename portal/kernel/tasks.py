"""The kernel's own jobs, imported when the app is ready."""

from portal.kernel import calendars, documents, files, notices

__all__ = ["calendars", "documents", "files", "notices"]
