"""Rate limits for public forms, counted in the cache per address and, where there is one, per key."""

import hashlib
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from portal.kernel.errors import Refused


def address_of(request: HttpRequest) -> str:
    """The caller's address: the peer's own, unless the peer is the trusted proxy, whose last hop is then believed."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    named = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    if not named or not _is_proxy(peer):
        return peer
    try:
        return str(ip_address(named))
    except ValueError:
        return peer


def _is_proxy(peer: str) -> bool:
    trusted = [part.strip() for part in getattr(settings, "TRUSTED_PROXY", "").split(",") if part.strip()]
    try:
        return any(ip_address(peer) in ip_network(network, strict=False) for network in trusted)
    except ValueError:
        return False


def network_of(request: HttpRequest) -> str:
    """What one household cannot change at will: the IPv4 address, or the /64 of an IPv6 address."""
    address = address_of(request)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    if parsed.version == 6 and mapped is None:
        return str(ip_network(f"{address}/64", strict=False))
    return str(mapped or parsed)


def check(request: HttpRequest, scope: str, *, limit: int, seconds: int, key: str = "") -> None:
    """Count one use of *scope* by this network, and by *key* when there is one; refuse (429) beyond *limit*."""
    window = int(clock.now().timestamp()) // seconds
    for what in filter(None, (network_of(request), key and f"key:{key}")):
        name = "throttle:" + hashlib.sha256(f"{scope}\0{what}\0{window}".encode()).hexdigest()
        cache.add(name, 0, timeout=2 * seconds)
        try:
            used = cache.incr(name)
        except ValueError:
            continue
        if used > limit:
            raise Refused("too_many", _("您操作得太快了，请过几分钟再试。"), status=429)
