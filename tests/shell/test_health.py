import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_names_every_part() -> None:
    answer = Client().get("/health")

    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert list(answer.json()["parts"]) == ["database", "jobs", "search", "channel_layer", "calendars"]
