"""What every way out of the house promises."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from portal.kernel import gateways
from portal.kernel.gateways import Answer, DemoGateway, Gateway, MailGateway, NoGateway, Outcome, Sending
from portal.kernel.sms import SmsGateway
from tests.services.sms import TOKEN, SmsProvider

SMS = Sending("notice-k1", "sms", "13900001111", "", "【示例】正文")
SENDING = Sending("notice-k1", "mail", "reader@example.cn", "题目", "正文")


@pytest.fixture
def provider() -> Iterator[SmsProvider]:
    with SmsProvider() as running:
        yield running


@pytest.fixture(params=[DemoGateway, MailGateway, NoGateway, SmsGateway])
def gateway(request: pytest.FixtureRequest, provider: SmsProvider) -> Gateway:
    made: Gateway = request.param(provider.url) if request.param is SmsGateway else request.param()
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


def test_an_sms_goes_out_once_with_its_key_and_can_be_asked_for(provider: SmsProvider) -> None:
    gateway = SmsGateway(provider.url)

    assert gateway.outcome("notice-k1") == Answer(Outcome.ABSENT)
    assert gateway.send(SMS) == gateway.send(SMS) == Answer(Outcome.SENT, "sms-1")
    assert gateway.outcome("notice-k1") == Answer(Outcome.SENT, "sms-1")
    assert provider.sent == [{"key": "notice-k1", "to": "13900001111", "text": "【示例】正文"}]


@pytest.mark.parametrize(
    ("mood", "told", "afterwards", "count"),
    [
        ("refuses", Outcome.REFUSED, Outcome.REFUSED, 0),
        ("busy", Outcome.FAILED, Outcome.ABSENT, 0),
        ("loses the answer", Outcome.UNKNOWN, Outcome.SENT, 1),
        ("hangs up", Outcome.UNKNOWN, Outcome.ABSENT, 0),
    ],
)
def test_what_is_not_certain_is_not_claimed(
    provider: SmsProvider, mood: str, told: Outcome, afterwards: Outcome, count: int
) -> None:
    gateway = SmsGateway(provider.url)
    provider.mood = mood

    assert gateway.send(SMS).outcome is told
    assert gateway.outcome(SMS.key).outcome is afterwards
    assert len(provider.sent) == count


def test_a_provider_that_is_not_there_surely_sent_nothing(provider: SmsProvider) -> None:
    with SmsProvider() as gone:
        url = gone.url
    assert SmsGateway(url).send(SMS).outcome is Outcome.FAILED
    assert SmsGateway(url).outcome(SMS.key).outcome is Outcome.UNKNOWN


def test_a_wrong_token_surely_sends_nothing(provider: SmsProvider) -> None:
    gateway = SmsGateway(provider.url.replace(TOKEN, "guess"))

    assert gateway.send(SMS).outcome is Outcome.FAILED
    assert gateway.outcome(SMS.key).outcome is Outcome.UNKNOWN
    assert provider.sent == []


@pytest.mark.parametrize("url", ["provider.example/v1", "ftp://provider.example", "https://"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="SMS_URL"):
        SmsGateway(url)


def test_a_real_start_sends_its_sms_to_the_address_it_was_given(provider: SmsProvider, settings: Any) -> None:
    settings.DEMO, settings.SMS_URL = False, provider.url

    assert isinstance(gateways.gateway_for("sms"), SmsGateway)
    assert isinstance(gateways.gateway_for("mail"), MailGateway)
    settings.SMS_URL = ""
    assert isinstance(gateways.gateway_for("sms"), NoGateway)
