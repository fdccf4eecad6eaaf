"""The commands of `python3 -m portal`. Standard library only."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence

from portal.bootstrap import environment, frontend, machine, testing
from portal.bootstrap.steps import PlainError, of_os_error

USAGE = """python3 -m portal COMMAND

  run            安装、构建、迁移并启动 (install, build, migrate and serve)   --port 8000 --host 127.0.0.1
  init           生成密钥并建立第一个管理员 (make keys and the first administrator)
  test           运行测试 (run the tests)                      --real --browser [pytest arguments]
  check          核对事件链与账目 (verify chains and ledger)
  law            列出法定期限 (print the registry of periods)    --json
  bench          运行基准 (run the benchmarks)
  import-12345   导入 12345 工单 (import hotline work orders)    FILE [--dry-run] [--places FILE]
  import-shops   导入店铺 (import shops)                        FILE [--dry-run] [--places FILE]
  manage         其他管理命令 (any other management command)
  prepare        只安装与构建，不启动 (install and build, start nothing)
  worker, beat   集群中的后台进程 (background processes of the cluster)
"""
FORWARDED = ("check", "import-12345", "import-shops", "law")
ANOTHER_NAME = {"check": "check_portal", "import-12345": "import_12345", "import-shops": "import_shops"}
STOPPED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command and answer its exit status; an expected failure is one sentence on standard output."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0 if arguments else 2
    command, *rest = arguments
    try:
        return _dispatch(command, rest)
    except (PlainError, environment.MissingSecret) as error:
        print(f"✗ {error}", flush=True)
        return 1
    except OSError as error:
        print(f"✗ {of_os_error(error)}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。(Stopped.)", flush=True)
        return STOPPED


def _dispatch(command: str, rest: list[str]) -> int:
    if command == "run":
        return _serve(rest)
    if command == "test":
        return testing.run(rest)
    if command == "prepare":
        return _prepare(rest)
    if command == "init":
        return _manage("init_portal", rest)
    if command == "manage":
        return _manage(rest[0] if rest else "help", rest[1:])
    if command in FORWARDED:
        return _manage(ANOTHER_NAME.get(command, command), rest)
    if command == "bench":
        return _bench(rest)
    if command in ("worker", "beat"):
        return _background(command, rest)
    raise PlainError(f"没有“{command}”这个命令，请看 python3 -m portal help。(There is no such command.)")


def prepare() -> None:
    """Install what the portal needs and build what browsers get."""
    machine.install("core", "安装运行所需的软件 (packages)")
    frontend.build()
    frontend.compile_messages()


def _prepare(rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m portal prepare")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    chosen = parser.parse_args(rest)
    prepare()
    if chosen.dev:
        machine.install("dev", "安装测试所需的软件 (packages for tests)")
    return 0


def settle_demo() -> None:
    """Make this a demo start when no real setting is there."""
    environment.read_secrets()
    if environment.real_settings():
        os.environ.pop(environment.DEMO_SWITCH, None)
    else:
        os.environ[environment.DEMO_SWITCH] = "1"


def _serve(rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m portal run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    chosen = parser.parse_args(rest)
    settle_demo()
    if chosen.host not in ("127.0.0.1", "localhost", "::1"):
        os.environ.pop(environment.DEMO_SWITCH, None)
    if environment.DEMO_SWITCH not in os.environ and not environment.keys_file().exists():
        raise PlainError(environment.NOT_READY)
    machine.check_port(chosen.host, chosen.port)
    prepare()
    machine.become("-m", "portal.embedded", "--host", chosen.host, "--port", str(chosen.port))
    return 0


def _manage(command: str, rest: Sequence[str]) -> int:
    settle_demo()
    machine.install("core", "安装运行所需的软件 (packages)")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    environment.data_dir().mkdir(parents=True, exist_ok=True)
    machine.become("-m", "django", command, *rest)
    return 0


def _bench(rest: Sequence[str]) -> int:
    if not (environment.ROOT / "tests" / "benchmarks" / "__main__.py").exists():
        raise PlainError("还没有基准。(There are no benchmarks yet.)")
    with contextlib.redirect_stdout(sys.stderr if "--json" in rest else sys.stdout):
        machine.install("core", "安装运行所需的软件 (packages)")
        machine.install("dev", "安装测试所需的软件 (packages for tests)")
    machine.become("-m", "tests.benchmarks", *rest)
    return 0


def _background(command: str, rest: list[str]) -> int:
    environment.read_secrets()
    if not os.environ.get("REDIS_URL"):
        raise PlainError("没有 REDIS_URL 时后台进程就在 run 里面。(Without REDIS_URL the worker is part of run.)")
    machine.install("core", "安装运行所需的软件 (packages)")
    extra = ["--schedule", str(environment.data_dir() / "beat")] if command == "beat" else []
    machine.become("-m", "celery", "-A", "portal.celery", command, "--loglevel", "WARNING", *extra, *rest)
    return 0
