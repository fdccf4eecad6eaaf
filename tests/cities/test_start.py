"""The portal as a process with the invented city's pack; and packs with which it does not start."""

import re
import shutil
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from portal.bootstrap.environment import ROOT
from tests.cities.conftest import YUNTING
from tests.services.machine import free_port
from tests.services.portal import Portal, clean_environment
from tests.shell.commands import PASSWORD, portal

REAL = {"PORTAL_ORIGIN": "http://127.0.0.1:8000", "PORTAL_ADMIN_PASSWORD": PASSWORD, "PORTAL_CITY": str(YUNTING)}
ITS_TERMS = """
from mediation import payout_rules
from portal.kernel import calendars
from portal.kernel.models import Organisation
print("LENGTHS", [calendars.versions(rule.code)[-1].length for rule in payout_rules.clocks()])
print("HUB", Organisation.objects.get(kind="hub").name)
"""
CODE = ("portal", "publicity", "complaints", "mediation", "frontend/templates", "frontend/islands", "frontend/public")
NOT_THE_CITYS = re.compile(r"天津|津市|诚信经营|Tianjin|(?<![0-9a-f])1201\d\d(?![0-9a-f])|(?<!\w)(TJ|tj)-|(?<!\d)022-0")


def test_it_starts_serves_and_names_its_city(tmp_path: Path) -> None:
    made = portal("portal", "init", "--username", "root", environment=Portal(tmp_path, **REAL).environment)
    assert made.returncode == 0, made.stdout
    with Portal(tmp_path, **REAL) as server:
        with urllib.request.urlopen(f"{server.address}/", timeout=10) as answer:
            home = answer.read().decode()
        told = portal("portal", "manage", "shell", "-v0", "-c", ITS_TERMS, environment=server.environment)
        assert server.health()["ok"] is True

    assert "云汀消费维权" in home
    assert "汀洲区" in home
    assert NOT_THE_CITYS.findall(home) == []
    assert "LENGTHS [2, 3, 2, 7, 20]" in told.stdout, told.stdout
    assert "HUB 云汀市消费投诉受理中心" in told.stdout


def start(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return portal("portal.embedded", "--port", str(free_port()), environment=environment)


def test_there_is_no_demo_of_another_city(tmp_path: Path) -> None:
    ended = start(clean_environment(tmp_path, PORTAL_DEMO="1", PORTAL_CITY=str(YUNTING)))

    assert ended.returncode == 1
    assert "演示数据只有天津的。" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert not (tmp_path / "data" / "portal.sqlite3").exists()


@pytest.mark.parametrize(
    ("name", "was", "is_now", "sentence"),
    [
        ("workdays", '"2026-11-27"', '"2025-11-27"', "workdays[0].off[0]：2025-11-27 不在 2026 年。"),
        ("workdays", '"on": []', '"on": [], "mayor": 1', "workdays[1].mayor：没有这一项。"),
        ("districts", "990102", "990101", "districts[1].code：990101 重复或没有填写。"),
        ("bodies", '"district": "990102"', '"district": "120101"', "bodies[3].district：没有代码为 120101 的区。"),
    ],
)
def test_a_broken_pack_stops_the_start_with_its_sentence(
    tmp_path: Path, name: str, was: str, is_now: str, sentence: str
) -> None:
    pack = shutil.copytree(YUNTING, tmp_path / "broken")
    content = (pack / f"{name}.json").read_text(encoding="utf-8")
    assert was in content
    (pack / f"{name}.json").write_text(content.replace(was, is_now, 1), encoding="utf-8")

    ended = start(clean_environment(tmp_path, **REAL | {"PORTAL_CITY": str(pack)}))

    assert ended.returncode == 1
    assert f"城市包 broken/{name}.json 的 {sentence}" in ended.stdout
    assert "Traceback" not in ended.stdout


@pytest.mark.parametrize(("city", "file"), [("nowhere", "nowhere/city.json"), ("lacking", "lacking/workdays.json")])
def test_a_pack_or_file_that_is_not_there_is_named(tmp_path: Path, city: str, file: str) -> None:
    lacking = shutil.copytree(YUNTING, tmp_path / "lacking")
    (lacking / "workdays.json").unlink()
    chosen = city if city == "nowhere" else str(lacking)

    ended = start(clean_environment(tmp_path, **REAL | {"PORTAL_CITY": chosen}))

    assert ended.returncode == 1
    assert f"城市包 {file}：没有这个文件。" in ended.stdout


def test_no_code_form_or_page_outside_pack_and_demo_is_of_one_city() -> None:
    spared = (ROOT / "portal" / "city", ROOT / "portal" / "demo", ROOT / "portal" / "requirements")
    paths = [path for folder in CODE for path in (ROOT / folder).rglob("*") if path.is_file()]
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in paths
        if path.suffix in (".py", ".html", ".typ", ".ts", ".txt", ".svg", ".json") and not set(spared) & {*path.parents}
    }
    assert len(texts) > 400
    assert [str(path) for path, text in texts.items() if NOT_THE_CITYS.search(text)] == []
