"""The kernel's own jobs, imported when the app is ready."""

from portal.kernel import calendars, documents, files, outgoing

__all__ = ["calendars", "documents", "files", "outgoing"]
