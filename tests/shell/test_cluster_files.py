"""The cluster as files: names, health checks, fixed versions, secrets from files. No container is started here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.bootstrap.environment import FROM_FILES, REAL_SETTINGS, ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "live", "worker", "beat", "init")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_services_are_the_parts_of_the_design() -> None:
    assert set(SERVICES) == {*OURS, "proxy", "postgres", "redis", "search1", "search2", "search3"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_image_has_a_fixed_version(name: str) -> None:
    image = SERVICES[name]["image"]

    assert re.search(r":[0-9][\w.-]*$", image)
    assert "latest" not in image


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"init"}))
def test_every_service_that_runs_on_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", OURS)
def test_our_services_wait_for_healthy_servers(name: str) -> None:
    wanted = {part: {"condition": "service_healthy"} for part in ("postgres", "redis", "search1")}

    assert SERVICES[name]["depends_on"] == wanted


def test_no_secret_stands_in_an_environment() -> None:
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|TOKEN|DATABASE_URL|REDIS_URL|SMS_URL|EMAIL_URL", key):
                assert key.endswith("_FILE")
                assert value.startswith("/run/secrets/")


def test_every_secret_that_is_named_is_a_file_and_is_mounted_where_it_is_read() -> None:
    for service in SERVICES.values():
        mounted = set(service.get("secrets", []))
        read = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert read <= mounted <= set(COMPOSE["secrets"])
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())


def test_every_setting_is_one_the_portal_reads() -> None:
    ours = {key for name in OURS for key in SERVICES[name]["environment"]}
    known = {*REAL_SETTINGS, *(f"{name}_FILE" for name in FROM_FILES), "PORTAL_ADMIN_USERNAME"}

    assert ours <= known


def test_only_init_may_write_the_keys() -> None:
    mounts = {name: next(v for v in SERVICES[name]["volumes"] if v.startswith("keys:")) for name in OURS}

    assert {name for name, mount in mounts.items() if not mount.endswith(":ro")} == {"init"}


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_image_is_pinned_runs_unprivileged_and_knows_its_health() -> None:
    assert all(":3.11-" in line for line in DOCKERFILE.splitlines() if line.startswith("FROM"))
    assert re.search(r"^USER portal$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK", DOCKERFILE, re.MULTILINE)
    assert "secret" not in DOCKERFILE.lower()


def test_what_the_files_name_exists() -> None:
    assert (ROOT / "portal" / "ops" / "nginx.conf").exists()
    assert (ROOT / "portal" / "ops" / "probe.py").exists()
    assert {"web", "live"} == set(
        re.findall(r"proxy_pass http://(\w+)", Path(ROOT / "portal/ops/nginx.conf").read_text())
    )
