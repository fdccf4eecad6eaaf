"""SQLite for the embedded portal: one writer at a time, readers never wait."""
