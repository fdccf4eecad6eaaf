"""The whole portal in one process: HTTP and sockets, worker and timetable, with no other server."""

import argparse
import asyncio
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import IO, Any

from portal.bootstrap.environment import NOT_READY
from portal.bootstrap.machine import check_port
from portal.bootstrap.steps import PlainError, of_os_error, step

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

HTTP_THREADS = 8
WORKER_THREADS = 2
Application = Callable[[Any, Any, Any], Awaitable[None]]


def lock_data(folder: Path) -> IO[str]:
    """Keep the data folder to this process; PlainError when another one has it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "running.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise PlainError(
            f"数据文件夹 {folder} 正由另一个已启动的门户使用，请先停止它。"
            " (Another running portal uses this data folder: stop it first.)"
        ) from error
    return lock


def build_application() -> Application:
    """One ASGI application: sockets go to Channels, HTTP to Django's WSGI application in a pool of threads."""
    from a2wsgi import WSGIMiddleware

    from portal import static
    from portal.sockets import websocket

    http = WSGIMiddleware(static.application(), workers=HTTP_THREADS)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        part = websocket if scope["type"] == "websocket" else http
        await part(scope, receive, send)

    return application


class Background:
    """The Celery worker and the timetable, as threads of this process."""

    def __init__(self) -> None:
        from celery.beat import Scheduler, Service

        from portal.celery import app

        self.worker = app.WorkController(
            app=app,
            hostname="embedded",
            pool_cls="threads",
            concurrency=WORKER_THREADS,
            loglevel="WARNING",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            quiet=True,
        )
        self.beat = Service(app=app, max_interval=1, scheduler_cls=Scheduler)
        self.threads = [
            threading.Thread(target=self.worker.start, name="worker", daemon=True),
            threading.Thread(target=self.beat.start, name="beat", daemon=True),
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Finish the jobs in hand, then stop; whatever is left stays owed in the ledger."""
        self.beat.stop()
        self.worker.stop()


async def _serve(host: str, port: int, welcome: str) -> None:
    import uvicorn

    from portal.kernel import realtime

    realtime.serve_on(asyncio.get_running_loop())
    config = uvicorn.Config(
        build_application(),
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        ws_max_size=64 * 1024,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        print(welcome, flush=True)
    await serving


def _as_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM stops the portal as Ctrl-C does; uvicorn raises it again once it has stopped serving."""
    raise KeyboardInterrupt


def run(host: str, port: int) -> None:
    """Make ready, serve until Ctrl-C or SIGTERM, and stop cleanly: the jobs in hand are finished first."""
    with step("启动 Django"):
        import django
        from django.conf import settings

        lock = lock_data(settings.DATA_DIR)
        django.setup()

    from portal import celery, guard, start

    if not settings.DEMO and not guard.is_ready():
        raise PlainError(NOT_READY)
    start.make_ready()
    start.release_leases()
    welcome = start.welcome(host, port)
    celery.answer_the_bell()
    background = Background()
    background.start()
    check_port(host, port)
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        asyncio.run(_serve(host, port, welcome))
    except KeyboardInterrupt:
        pass
    finally:
        background.stop()
        lock.close()
        print("已停止。(Stopped.)", flush=True)


def main() -> int:
    """The command line behind `python3 -m portal run`."""
    parser = argparse.ArgumentParser(prog="python3 -m portal run")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args()
    os.environ["PORTAL_PORT"] = str(chosen.port)
    try:
        run(chosen.host, chosen.port)
    except PlainError as error:
        print(f"✗ {error}", flush=True)
        return 1
    except OSError as error:
        print(f"✗ {of_os_error(error)}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。(Stopped.)", flush=True)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
