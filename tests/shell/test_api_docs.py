"""The API describes itself, without a third party and without a script inside the page."""

import re

import pytest
import yaml
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_schema_is_served() -> None:
    answer = Client().get("/api/v1/schema")

    assert answer.status_code == 200
    schema = yaml.safe_load(answer.content)
    assert schema["openapi"] == "3.1.0"
    assert all(path.startswith("/api/v1/") for path in schema["paths"])


def test_the_page_loads_only_our_own_files_and_holds_no_inline_script_or_style() -> None:
    page = Client().get("/api/v1/docs").content.decode()

    assert all(address.startswith("/") for address in re.findall(r'(?:src|href)="([^"]+)"', page))
    assert not re.search(r"<script(?![^>]*src=)|<style", page)
    assert "SwaggerUIBundle" in Client().get("/api/v1/docs?script=").content.decode()
