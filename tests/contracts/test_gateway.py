"""What every way out of the house promises."""

from typing import Any

import pytest
from django.core import mail

from portal.kernel.gateways import Answer, DemoGateway, Gateway, MailGateway, NoGateway, Outcome, Sending

SENDING = Sending("notice-k1", "mail", "reader@example.cn", "题目", "正文")


@pytest.fixture(params=[DemoGateway, MailGateway, NoGateway])
def gateway(request: pytest.FixtureRequest) -> Gateway:
    made: Gateway = request.param()
    return made


def test_an_answer_never_names_the_reader(gateway: Gateway) -> None:
    answer = gateway.send(SENDING)

    assert answer.outcome in (Outcome.SENT, Outcome.REFUSED)
    assert "reader" not in answer.reference
    assert "reader" not in repr(SENDING)


def test_a_key_nobody_sent_is_absent_or_cannot_be_told(gateway: Gateway) -> None:
    assert gateway.outcome("nobody").outcome in (Outcome.ABSENT, Outcome.UNKNOWN)


def test_what_was_sent_is_never_called_absent(gateway: Gateway) -> None:
    if gateway.send(SENDING).outcome is Outcome.SENT:
        assert gateway.outcome(SENDING.key).outcome in (Outcome.SENT, Outcome.UNKNOWN)


def test_the_demo_sends_one_key_once() -> None:
    gateway = DemoGateway()

    assert gateway.send(SENDING) == gateway.send(SENDING) == Answer(Outcome.SENT, "demo-1")
    assert gateway.outcome(SENDING.key) == Answer(Outcome.SENT, "demo-1")


def test_mail_carries_its_key() -> None:
    assert MailGateway().send(SENDING) == Answer(Outcome.SENT)

    assert [(sent.to, sent.subject, sent.body) for sent in mail.outbox] == [(["reader@example.cn"], "题目", "正文")]
    assert mail.outbox[0].extra_headers["Message-ID"].startswith("<notice-k1@")


def test_a_mail_server_that_is_not_there_surely_sent_nothing(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert MailGateway().send(SENDING).outcome is Outcome.FAILED
