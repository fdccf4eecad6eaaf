"""The API describes itself, without a third party and without a script."""

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


def test_the_page_names_every_operation_of_the_schema_with_its_parameters() -> None:
    schema = yaml.safe_load(Client().get("/api/v1/schema").content)
    page = Client().get("/api/v1/docs").content.decode()

    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            assert f">{method.upper()} {path}</code>" in page
            assert told["summary"] in page
            for parameter in told.get("parameters", []):
                if parameter["in"] != "path":
                    assert parameter["description"], f"{parameter['name']} of {path} is not explained"
                    assert parameter["description"] in page
    assert "查公示库：新的在前，每页 25 条" in page


def test_the_page_is_english_for_those_who_read_english() -> None:
    page = Client(headers={"Accept-Language": "en"}).get("/api/v1/docs").content.decode()

    assert "Search the register: newest first, 25 a page" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"[\u4e00-\u9fff]", main)
