"""An invented city, 云汀市: its pack in `yunting/`, and what must hold of a portal that runs on it."""
