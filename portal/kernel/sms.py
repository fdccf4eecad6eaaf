"""SMS over HTTP: the portal's own small protocol, which the city's provider or a bridge in front of it speaks.

`SMS_URL` is `https://TOKEN@host/path`. A message is a POST of `{"key", "to", "text"}` to that address with the key as
`Idempotency-Key` and the token as Bearer; 2xx with `{"id"}` means taken, 400, 404 and 422 that it never will be, 401,
403, 429 and 503 that it surely was not sent. `GET address/KEY` answers `{"state", "id"}` with the state "sent",
"refused" or "unknown", or 404 for a key that was never heard of.
"""

from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from portal.kernel.gateways import Answer, Outcome, Sending

PATIENCE = urllib3.Timeout(connect=3.0, read=10.0)
NEVER = (400, 404, 422)
NOT_NOW = (401, 403, 429, 503)
STATES = {"sent": Outcome.SENT, "refused": Outcome.REFUSED}


class SmsGateway:
    """The way out for SMS that `SMS_URL` names. ValueError for an address that is not http or https."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("SMS_URL is an address that begins with https://")
        host = parts.netloc.rpartition("@")[2]
        self._address = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
        self._headers = {"Accept": "application/json"}
        if parts.username:
            self._headers["Authorization"] = f"Bearer {unquote(parts.username)}"
        self._pool = urllib3.PoolManager(maxsize=4, timeout=PATIENCE, retries=False)

    def send(self, sending: Sending) -> Answer:
        body = {"key": sending.key, "to": sending.address, "text": sending.text}
        headers = self._headers | {"Idempotency-Key": sending.key}
        try:
            told = self._pool.request("POST", self._address, json=body, headers=headers, redirect=False)
        except (NewConnectionError, ConnectTimeoutError):
            return Answer(Outcome.FAILED)
        except HTTPError:
            return Answer(Outcome.UNKNOWN)
        if 200 <= told.status < 300:
            return Answer(Outcome.SENT, _reference(told))
        if told.status in NEVER:
            return Answer(Outcome.REFUSED)
        return Answer(Outcome.FAILED if told.status in NOT_NOW else Outcome.UNKNOWN)

    def outcome(self, key: str) -> Answer:
        try:
            told = self._pool.request("GET", f"{self._address}/{quote(key, safe='')}", headers=self._headers)
        except HTTPError:
            return Answer(Outcome.UNKNOWN)
        if told.status == 404:
            return Answer(Outcome.ABSENT)
        return Answer(STATES.get(str(_said(told).get("state")), Outcome.UNKNOWN), _reference(told))


def _said(told: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        said = told.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _reference(told: urllib3.BaseHTTPResponse) -> str:
    return str(_said(told).get("id", ""))[:80]
