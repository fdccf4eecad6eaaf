"""Expected failures: one exception, one handler, three renderings (form error, problem+json, page)."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import exception_handler

Sentence = str | Promise


class Refused(Exception):
    """An expected refusal: a stable code for programs and one full sentence for people.

    `field` names the form field it belongs to, `status` the HTTP status of a page or API answer; `extra` holds
    machine-readable details (never personal data).
    """

    def __init__(
        self, code: str, sentence: Sentence, *, field: str | None = None, status: int = 409, **extra: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.status = status
        self.extra = extra


class Versioned:
    """What `check_version` needs to know of a row that staff edit."""

    version: int


def not_found() -> Refused:
    """What a reader is told when a thing does not exist or is not theirs to know of."""
    return Refused("not_found", _("没有找到这个页面，或者您没有权限查看。"), status=404)


def forbidden() -> Refused:
    """What a person is told when the thing may be known to exist but the act is not theirs."""
    return Refused("forbidden", _("您的岗位不能做这一步。"), status=403)


def check_version(row: Any, version: int) -> None:
    """Refuse (`stale`) when *row* has changed since the page that carried *version* was shown."""
    if row.version != version:
        raise Refused(
            "stale",
            _("这件事刚刚被别人改过。您填的内容还在，请对照最新情况再提交一次。"),
            current_version=row.version,
        )


def into(form: forms.BaseForm, refused: Refused) -> None:
    """Put a refusal on the form it belongs to: on its field where the form has it, else on top."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, forms.ValidationError(str(refused.sentence), code=refused.code))


class RefusedMiddleware:
    """Turn a refusal that no form caught into a page with its sentence and status."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        sentence = _("这个地址只用来提交，不能直接打开。请从原来的页面再走一次。")
        page = render(request, "refused.html", {"code": "method", "sentence": sentence}, status=response.status_code)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if exception.status == HTTPStatus.NOT_FOUND:
            return render(request, "404.html", {"sentence": exception.sentence}, status=404)
        return render(
            request, "refused.html", {"code": exception.code, "sentence": exception.sentence}, status=exception.status
        )


def _problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    body = {"type": f"/problems/{code}", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    response = Response({**body, "detail": detail, **extra}, status=status)
    response.content_type = "application/problem+json"
    return response


def _flat(detail: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [found for key, value in detail.items() for found in _flat(value, f"{path}.{key}".lstrip("."))]
    if isinstance(detail, list):
        return [found for value in detail for found in _flat(value, path)]
    return [{"field": path, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}]


def api_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every API failure as RFC 9457 problem+json; anything unexpected stays loud."""
    if isinstance(exception, Refused):
        field = {"field": exception.field} if exception.field else {}
        return _problem(exception.status, exception.code, str(exception.sentence), **field, **exception.extra)
    if isinstance(exception, drf.ValidationError):
        return _problem(400, "invalid", str(_("有内容没有填对，请看各项说明。")), errors=_flat(exception.detail))
    if isinstance(exception, Http404 | PermissionDenied | drf.APIException):
        plain = exception_handler(exception, context)
        if plain is not None:
            code = getattr(getattr(exception, "detail", None), "code", "error")
            problem = _problem(plain.status_code, str(code), str((plain.data or {}).get("detail", "")))
            for header in ("WWW-Authenticate", "Retry-After"):
                if header in plain.headers:
                    problem[header] = plain.headers[header]
            return problem
    return None
