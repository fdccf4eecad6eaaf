"""Building what browsers get: Node where there is none, packages, bundle, translations. Standard library only."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from portal.bootstrap import machine
from portal.bootstrap.environment import ROOT
from portal.bootstrap.steps import run, step

FRONTEND = ROOT / "frontend"
DIST = FRONTEND / "dist"
MODULES = FRONTEND / "node_modules"
BUILT_FROM = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "vite.config.js",
    "vite.config.mjs",
)
SOURCE_FOLDERS = ("styles", "islands", "static", "public", "images", "src")
OLDEST_NODE = (20, 19)


def _node_version(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return (0,)
    found = re.match(r"v(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _use_node() -> dict[str, str]:
    """An environment in which `node` and `npm` are new enough, installing both where they are not."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm and _node_version(node) >= OLDEST_NODE):
        machine.install("node", "安装 Node (Node for building the pages)")
        return {**os.environ, "PATH": f"{machine.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return dict(os.environ)


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(FRONTEND)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _inputs() -> list[Path]:
    files = [FRONTEND / name for name in BUILT_FROM if (FRONTEND / name).exists()]
    for folder in SOURCE_FOLDERS:
        files += [path for path in (FRONTEND / folder).rglob("*") if path.is_file()]
    return files


def _says(marker: Path, digest: str) -> bool:
    return marker.exists() and marker.read_text() == digest


def install_modules() -> None:
    """Install exactly the packages of `package-lock.json`; nothing happens the second time."""
    digest = _digest([FRONTEND / "package-lock.json"])
    marker = MODULES / ".installed"
    if not _says(marker, digest):
        environment = _use_node()
        with step("安装界面的软件包 (npm ci)"):
            run("npm", "ci", "--no-audit", "--no-fund", cwd=FRONTEND, environment=environment)
        marker.write_text(digest)


def build() -> None:
    """Bundle scripts and styles when one of their sources changed since the last time."""
    if not (FRONTEND / "package-lock.json").exists():
        return
    digest = _digest(_inputs())
    marker = DIST / ".built"
    if _says(marker, digest):
        return
    install_modules()
    environment = _use_node()
    with step("构建界面 (vite build)"):
        run("npm", "run", "build", cwd=FRONTEND, environment=environment)
        run(machine.PYTHON, "-m", "servestatic.compress", "-q", DIST)
    marker.write_text(digest)


def compile_messages() -> None:
    """Compile translations whose source is newer."""
    sources = [*(FRONTEND / "locale").glob("*/LC_MESSAGES/*.po")]
    stale = [po for po in sources if not _is_newer(po.with_suffix(".mo"), po)]
    if stale:
        with step("编译译文 (translations)"):
            for po in stale:
                language = po.parent.parent.name
                babel = machine.VENV / "bin" / "pybabel"
                run(babel, "compile", "-i", po, "-o", po.with_suffix(".mo"), "-l", language)


def _is_newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime
