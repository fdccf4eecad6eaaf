from typing import Any

import pytest
import time_machine
from django.test import RequestFactory

from portal.kernel import throttle
from portal.kernel.errors import Refused


def asked(address: str, forwarded: str = "") -> Any:
    more: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **more)


def use(times: int, address: str, forwarded: str = "", key: str = "") -> None:
    for _turn in range(times):
        throttle.check(asked(address, forwarded), "track", limit=3, seconds=60, key=key)


@time_machine.travel("2026-11-24 10:00+08:00", tick=False)
def test_the_fourth_use_within_the_window_is_refused() -> None:
    use(3, "203.0.113.7")
    with pytest.raises(Refused) as refusal:
        use(1, "203.0.113.7")

    assert (refusal.value.code, refusal.value.status) == ("too_many", 429)
    use(1, "203.0.113.8")
    throttle.check(asked("203.0.113.7"), "other", limit=3, seconds=60)


def test_a_new_window_begins_anew() -> None:
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        use(3, "203.0.113.7")
    with time_machine.travel("2026-11-24 10:01+08:00", tick=False):
        use(3, "203.0.113.7")


@time_machine.travel("2026-11-24 10:00+08:00", tick=False)
def test_all_addresses_of_one_household_count_together() -> None:
    use(2, "2001:db8:1:2:aaaa::1")
    use(1, "2001:db8:1:2:ffff::9")
    with pytest.raises(Refused):
        use(1, "2001:db8:1:2::3")
    use(1, "2001:db8:1:3::3")


@time_machine.travel("2026-11-24 10:00+08:00", tick=False)
def test_a_key_counts_from_wherever_it_is_tried() -> None:
    for last in range(3):
        use(1, f"203.0.113.{last}", key="TJ-1")
    with pytest.raises(Refused):
        use(1, "203.0.113.99", key="TJ-1")


@time_machine.travel("2026-11-24 10:00+08:00", tick=False)
def test_no_header_lifts_the_limit() -> None:
    for turn in range(3):
        use(1, "203.0.113.7", forwarded=f"198.51.100.{turn}")
    with pytest.raises(Refused):
        use(1, "203.0.113.7", forwarded="198.51.100.77")


@pytest.mark.parametrize(
    ("peer", "forwarded", "believed"),
    [
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "evil, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_the_trusted_proxy_is_believed(peer: str, forwarded: str, believed: str, settings: Any) -> None:
    settings.TRUSTED_PROXY = "10.0.0.0/24"

    assert throttle.address_of(asked(peer, forwarded)) == believed


def test_an_ipv4_address_in_ipv6_clothes_is_one_household() -> None:
    assert throttle.network_of(asked("::ffff:203.0.113.7")) == "203.0.113.7"
