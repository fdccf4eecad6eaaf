"""What stands between an installed portal and its first page: tables, keys, the demo city, the welcome."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import opening
from portal.bootstrap.steps import PlainError, step
from portal.demo.people import DEMO_CITY, NO_DEMO, PASSWORD
from portal.kernel import crypto, demo, jobs, keyring, regions, search
from portal.kernel.models import User


def make_ready() -> None:
    """Migrate, make the demo's keys and seed its city, each only when it has not been done.

    PlainError for a demo of another city than the one that the demo's people and shops are of.
    """
    if settings.DEMO and regions.city().code != DEMO_CITY:
        raise PlainError(NO_DEMO)
    seeding = settings.DATA_DIR / "seeding"
    if settings.DEMO and seeding.exists():
        _forget_half_a_city(seeding)
    if tables_are_missing():
        with step("建立数据库表 (migrate)"):
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    if settings.DEMO and not settings.KEYS_FILE.exists():
        with step("生成密钥 (keys)"):
            keyring.make(settings.KEYS_FILE)
            settings.SECRET_KEY = crypto.ring().django_secret
    with step("核对城市包 (city pack)"):
        opening.open_city()
    if settings.DEMO and "seed_demo" in get_commands() and not User.objects.exists():
        with step("建立演示城市 (demo city)"):
            seeding.touch()
            call_command("seed_demo", verbosity=0)
            seeding.unlink()
    if search.unbuilt():
        with step("建立检索 (search)"):
            search.ensure_built()


def tables_are_missing() -> bool:
    """Whether the database lacks a migration or, for an app without migrations, a table."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if executor.migration_plan(graph.leaf_nodes()):
        return True
    from django.apps import apps

    present = set(connection.introspection.table_names())
    wanted = {model._meta.db_table for model in apps.get_models() if model._meta.managed and not model._meta.proxy}
    return not wanted <= present


def _forget_half_a_city(seeding: Path) -> None:
    """A demo whose seeding was interrupted starts again from nothing."""
    connection.close()
    for path in settings.DATA_DIR.glob("portal.sqlite3*"):
        path.unlink()
    for name in ("search", "files"):
        shutil.rmtree(settings.DATA_DIR / name, ignore_errors=True)
    seeding.unlink()


def release_leases() -> None:
    """Take back the jobs that a process which died was at; in the embedded portal nobody else can be at one."""
    if settings.IS_EMBEDDED:
        jobs.release_all()


def welcome(host: str, port: int) -> str:
    """The address and, in a demo, one login for each role."""
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
    lines = ["", f"  消费者投诉门户  {address}"]
    if settings.DEMO:
        lines += [f"  演示入口（一键进入任一角色，查看验证码与发出的消息）  {address}demo/", ""]
        lines += [f"  {title:　<14}{login}" for title, login in demo_logins()]
        lines += [
            "",
            f"  工作人员的密码都是 {PASSWORD}，动态口令在演示入口。(Every password; codes are on the demo page.)",
        ]
    elif not settings.SMS_URL:
        lines += [
            "",
            "  没有设置 SMS_URL：短信发不出去，消费者和商家收不到验证码，不能登录。",
            "  (SMS_URL is not set: no SMS leaves the house, so citizens and merchants cannot sign in.)",
        ]
    return "\n".join([*lines, "", "  Ctrl-C 停止 (to stop)"])


def demo_logins() -> list[tuple[str, str]]:
    """One login for each kind of person and each role that the demo city has."""
    found = []
    for kind in (User.Kind.CITIZEN, User.Kind.MERCHANT):
        person = User.objects.filter(kind=kind, is_active=True).order_by("pk").first()
        if person is not None:
            found.append((str(kind.label), crypto.unseal(person, "phone_sealed")))
    return [*found, *((door.title, door.first.username) for door in demo.doors())]
