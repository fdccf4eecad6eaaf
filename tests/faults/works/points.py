"""Where the points lie that are not in a job: between the portal's statements, before its sweep, at its bell."""

from collections.abc import Callable
from typing import Any

from celery.signals import task_prerun
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from portal.kernel import jobs
from tests.faults.works.marks import die_at
from tests.faults.works.point import Point

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def _between_statements(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if sql.startswith("SELECT") and 'FROM "kernel_job" WHERE "kernel_job"."id" =' in sql:
        die_at(Point.AFTER_THE_LEASE)
    if sql.startswith('UPDATE "kernel_job" SET "due_at"'):
        die_at(Point.WHILE_PUT_OFF)
    answer = execute(sql, params, many, context)
    if sql.startswith('UPDATE "kernel_job"') and '"done_at" = ' in sql:
        die_at(Point.BEFORE_THE_COMMIT)
    if sql.startswith("UPDATE") and '"attempts" = ' in sql and '"due_at" = ' in sql:
        die_at(Point.WHILE_FAILING)
    return answer


def _watch(connection: BaseDatabaseWrapper, **_more: object) -> None:
    if _between_statements not in connection.execute_wrappers:
        connection.execute_wrappers.append(_between_statements)


def _before_a_task(args: Any = (), **_more: object) -> None:
    if list(args) == ["sweep"]:
        die_at(Point.WHILE_SWEEPING)


connection_created.connect(_watch)
task_prerun.connect(_before_a_task)
jobs.when_owed(lambda _job_id: die_at(Point.WHILE_RINGING))
