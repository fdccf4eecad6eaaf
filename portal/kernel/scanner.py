"""Asking clamd whether a file carries a virus. Where no scanner is set up, nobody is asked and the file says so."""

import socket
import struct
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
TIMEOUT = 30


class Verdict(Enum):
    """What the scanner says; UNASKED when there is none."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNASKED = "unasked"


class NoAnswer(Exception):
    """The scanner is there but did not give a verdict."""


def scan(content: bytes) -> Verdict:
    """Have *content* scanned; NoAnswer when the scanner fails, so that nothing is taken for clean by mistake."""
    if not settings.CLAMD_URL:
        return Verdict.UNASKED
    address = urlsplit(settings.CLAMD_URL)
    try:
        with socket.create_connection((address.hostname or "127.0.0.1", address.port or 3310), timeout=TIMEOUT) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                line.sendall(struct.pack("!I", len(chunk)) + chunk)
            line.sendall(struct.pack("!I", 0))
            answer = b"".join(iter(lambda: line.recv(4096), b"")).rstrip(b"\0\n")
    except OSError as error:
        raise NoAnswer(type(error).__name__) from error
    if answer == b"stream: OK":
        return Verdict.CLEAN
    if answer.endswith(b" FOUND"):
        return Verdict.INFECTED
    raise NoAnswer("the scanner answered with an error")
