"""`python3 -m portal init`: keys and the first administrator, by questions or from arguments and the environment."""

import getpass
import os
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from portal import guard, opening, start
from portal.kernel import keyring
from portal.kernel.access import Role
from portal.kernel.models import Membership, Organisation, User


class Command(BaseCommand):
    help = "生成密钥并建立第一个管理员；已有的不会改动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default=os.environ.get("PORTAL_ADMIN_USERNAME", ""))
        parser.add_argument("--name", default=os.environ.get("PORTAL_ADMIN_NAME", "系统管理员"))

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        if not settings.KEYS_FILE.exists():
            keyring.make(settings.KEYS_FILE)
            self.stdout.write(f"✓ 密钥已写入 {settings.KEYS_FILE}，请另存一份，与数据备份分开。")
        if start.tables_are_missing():
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
            self.stdout.write("✓ 数据库表已建立。")
        if guard.is_ready():
            self.stdout.write("✓ 已有管理员，没有改动。")
            return
        username = options["username"] or self._ask("管理员用户名: ")
        self._create(username, self._password(username), options["name"])
        self.stdout.write(f"✓ 管理员 {username} 已建立；首次登录时绑定动态口令。现在可以运行 python3 -m portal run。")

    def _ask(self, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("没有终端时，请用 --username 或 PORTAL_ADMIN_USERNAME 给出用户名。")
        return input(question).strip()

    def _password(self, username: str) -> str:
        password = os.environ.get("PORTAL_ADMIN_PASSWORD", "")
        if not password:
            if not sys.stdin.isatty():
                raise CommandError("没有终端时，请用 PORTAL_ADMIN_PASSWORD 或 PORTAL_ADMIN_PASSWORD_FILE 给出密码。")
            password = getpass.getpass("密码: ")
            if getpass.getpass("再输入一次: ") != password:
                raise CommandError("两次输入的密码不同。")
        try:
            validate_password(password, User(username=username))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password

    @transaction.atomic
    def _create(self, username: str, password: str, name: str) -> None:
        opening.open_city()
        body = Organisation.objects.filter(kind=Organisation.Kind.CITY).earliest("pk")
        try:
            user = User.objects.create_user(username, password, kind=User.Kind.STAFF, display_name=name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        Membership.objects.create(user=user, organisation=body, role=Role.ADMIN)
