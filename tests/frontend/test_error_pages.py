"""Lost, refused, too fast, broken: each page says what it is and one thing to do next."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults

pytestmark = pytest.mark.django_db


def test_a_lost_page_offers_a_search_and_a_way_home(client: Client) -> None:
    page = client.get("/no/such/page/")
    text = page.content.decode()
    assert page.status_code == 404
    assert "没有找到这一页" in text
    assert 'action="/register/"' in text
    assert 'href="/track/"' in text


@pytest.mark.parametrize(
    ("code", "heading"),
    [
        ("forbidden", "这一页不归您的岗位"),
        ("stale", "别人刚改过，请再看一遍"),
        ("too_many", "请歇一会儿再试"),
        ("case_already_decided", "这一步没有办成"),
    ],
)
def test_a_refusal_is_headed_by_what_it_means(code: str, heading: str) -> None:
    request = RequestFactory().post("/x/")
    text = render_to_string("refused.html", {"code": code, "sentence": "示例句子。"}, request=request)
    assert f"<h1>{heading}</h1>" in text
    assert "示例句子。" in text


def test_a_broken_page_needs_nothing_that_may_be_broken() -> None:
    answer = defaults.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "我们这边出了问题" in answer.content.decode()
    assert "我要" not in answer.content.decode()


def test_a_bad_request_and_a_closed_door_have_their_pages() -> None:
    request = RequestFactory().get("/")
    bad = defaults.bad_request(request, Exception())
    assert (bad.status_code, "这个请求没有看懂" in bad.content.decode()) == (400, True)
    closed = defaults.permission_denied(request, Exception())
    assert (closed.status_code, "您没有权限看这一页" in closed.content.decode()) == (403, True)


def test_a_form_that_waited_too_long_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/login/", {"phone": "13800000001"})
    assert page.status_code == 403
    assert "这个页面打开太久了" in page.content.decode()
