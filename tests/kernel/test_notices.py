from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import translation

from portal.kernel import crypto, gateways, jobs, notices, outgoing, people
from portal.kernel.gateways import Answer, Outcome, Sending
from portal.kernel.models import Notice, Organisation, OutgoingMessage, User
from tests.messages import texts_to

pytestmark = pytest.mark.django_db
PHONE = "13900000001"


@pytest.fixture(autouse=True)
def _texts() -> Iterator[None]:
    notices.register("test.accepted", title="已受理", body="{number} 已由{unit}受理，{due_on}前办结。")
    notices.register("test.quiet", title="只在这里", body="{number}", goes_out=False)
    yield
    for name in ("test.accepted", "test.quiet"):
        del notices._forms[name]


@pytest.fixture
def bureau() -> Organisation:
    return Organisation.objects.create(code="told", name="示例区市场监督管理局", short_name="示例", kind="bureau")


@pytest.fixture
def citizen() -> User:
    return people.citizen(PHONE)


def told(user: User, bureau: Organisation, **more: Any) -> Notice:
    params = {"number": "TJ-TS-20261124-000001", "unit": bureau, "due_on": date(2026, 11, 26), **more}
    with transaction.atomic():
        return notices.tell(user, "test.accepted", subject=bureau, url_name="kernel:inbox", params=params)


def test_a_person_is_told_in_the_inbox_and_by_sms(citizen: User, bureau: Organisation) -> None:
    notice = told(citizen, bureau)

    said = notices.read(notice)
    assert said.title == "已受理"
    assert said.body == "TJ-TS-20261124-000001 已由示例区市场监督管理局受理，11 月 26 日（星期四）前办结。"
    assert said.url == "/inbox/"
    assert texts_to(PHONE) == [f"【天津消费维权】{said.body}\nhttp://127.0.0.1:8000/inbox/"]
    assert notices.unread_count(citizen) == 1
    assert jobs.open_jobs().get().name == "notices.deliver"


def test_staff_are_told_by_mail_and_nobody_without_an_address(bureau: Organisation) -> None:
    told(User.objects.create(kind="staff", username="a", email="a@example.cn"), bureau)
    told(User.objects.create(kind="staff", username="b"), bureau)

    message = OutgoingMessage.objects.get()
    assert (message.channel, message.title) == ("mail", "已受理")
    assert crypto.unseal(message, "address_sealed") == "a@example.cn"


def test_a_quiet_text_stays_in_the_inbox(citizen: User) -> None:
    with transaction.atomic():
        notices.tell(citizen, "test.quiet", params={"number": 7})

    assert Notice.objects.count() == 1
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize(
    "value", ["林示例", "和平区某小区", "13900000001", "120101199001011234", "a b", "x" * 121, 1.5, None]
)
def test_what_could_name_a_person_never_enters_a_message(value: Any, citizen: User, bureau: Organisation) -> None:
    with pytest.raises(ValueError, match="never with names"):
        told(citizen, bureau, number=value)

    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    "value",
    [
        "津示市监〔2026〕12号",
        "022-00000004",
        "1120101002026110900004702",
        datetime(2026, 11, 26, 1, tzinfo=ZoneInfo("UTC")),
    ],
)
def test_paper_numbers_hotlines_and_moments_may(value: Any, citizen: User, bureau: Organisation) -> None:
    assert told(citizen, bureau, number=value)


def test_an_unknown_text_is_an_error_when_told_and_honest_when_read(citizen: User) -> None:
    with pytest.raises(ValueError, match="no text"):
        notices.tell(citizen, "test.nothing")
    assert notices.read(Notice(name="test.nothing")).url == ""


def test_the_inbox_speaks_the_readers_language(citizen: User, bureau: Organisation) -> None:
    notice = told(citizen, bureau)
    with translation.override("en"):
        assert "2026-11-26" not in notices.read(notice).body


class Line:
    """A gateway that answers what a test wants and counts what it sent."""

    def __init__(self, *answers: Outcome, known: Outcome = Outcome.ABSENT) -> None:
        self.answers = list(answers)
        self.known = known
        self.sent: list[str] = []
        self.asked = 0

    def send(self, sending: Sending) -> Answer:
        self.sent.append(sending.key)
        return Answer(self.answers.pop(0), "ref")

    def outcome(self, key: str) -> Answer:
        self.asked += 1
        return Answer(self.known)


def use(monkeypatch: pytest.MonkeyPatch, line: Line) -> None:
    monkeypatch.setattr(outgoing, "gateway_for", lambda _channel: line)


def state() -> tuple[str, int]:
    message = OutgoingMessage.objects.get()
    return message.state, message.attempts


def test_a_message_is_sent_once_and_its_job_is_done(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(Outcome.SENT)
    use(monkeypatch, line)
    notice = told(citizen, bureau)
    jobs.drain()

    message = OutgoingMessage.objects.get()
    assert (message.state, message.reference) == ("sent", "ref")
    assert message.sent_at is not None
    assert line.sent == [f"notice-{notice.public_id}"]
    assert line.asked == 0
    assert jobs.open_jobs().count() == 0


def test_an_unknown_outcome_is_asked_for_before_anything_is_sent_again(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(Outcome.UNKNOWN, known=Outcome.SENT)
    use(monkeypatch, line)
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        told(citizen, bureau)
        jobs.drain()
        assert state()[0] == "unknown"
    with time_machine.travel("2026-11-24 10:05+08:00", tick=False):
        jobs.drain()

    assert state()[0] == "sent"
    assert (len(line.sent), line.asked) == (1, 1)


def test_a_process_that_died_while_sending_asks_first(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(Outcome.SENT, known=Outcome.SENT)
    use(monkeypatch, line)
    told(citizen, bureau)
    outgoing._send(message_id=str(OutgoingMessage.objects.get().pk))
    assert state() == ("unknown", 1)

    jobs.drain()

    assert state()[0] == "sent"
    assert (len(line.sent), line.asked) == (1, 1)


def test_what_the_gateway_never_heard_of_is_sent_again(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(Outcome.UNKNOWN, Outcome.SENT, known=Outcome.ABSENT)
    use(monkeypatch, line)
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        told(citizen, bureau)
        jobs.drain()
    with time_machine.travel("2026-11-24 10:05+08:00", tick=False):
        jobs.drain()

    assert state()[0] == "sent"
    assert len(set(line.sent)) == 1
    assert len(line.sent) == 2


def test_a_gateway_that_can_never_tell_is_not_sent_to_again(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(Outcome.UNKNOWN, known=Outcome.UNKNOWN)
    use(monkeypatch, line)
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        told(citizen, bureau)
        jobs.drain()
    for hour in range(11, 18):
        with time_machine.travel(f"2026-11-24 {hour}:00+08:00", tick=False):
            jobs.drain()

    assert state()[0] == "unknown"
    assert len(line.sent) == 1
    assert jobs.open_jobs().count() == 0


def test_a_line_that_is_down_is_tried_again_and_given_up_in_the_end(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(*[Outcome.FAILED] * 20)
    use(monkeypatch, line)
    with time_machine.travel("2026-11-24 00:00+08:00", tick=False):
        told(citizen, bureau)
    for hour in range(20):
        with time_machine.travel(f"2026-11-24 {hour:02d}:30+08:00", tick=False):
            jobs.drain()

    assert state() == ("failed", outgoing.MOST_ATTEMPTS)
    assert len(line.sent) == outgoing.MOST_ATTEMPTS
    assert jobs.open_jobs().count() == 0


def test_a_refused_message_is_not_tried_again(
    citizen: User, bureau: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(Outcome.REFUSED)
    use(monkeypatch, line)
    told(citizen, bureau)
    jobs.drain()

    assert state() == ("failed", 1)
    assert jobs.open_jobs().count() == 0


def test_a_start_without_a_gateway_keeps_the_inbox_and_says_that_nothing_was_sent(
    citizen: User, bureau: Organisation, settings: Any
) -> None:
    settings.DEMO = False
    assert isinstance(gateways.gateway_for("sms"), gateways.NoGateway)
    told(citizen, bureau)
    jobs.drain()

    assert state()[0] == "failed"
    assert notices.unread_count(citizen) == 1


def test_the_same_text_to_a_stranger_goes_out_once() -> None:
    for _turn in range(2):
        with transaction.atomic():
            notices.text_phone("13900000009", "test.quiet", key="invite-7", params={"number": 7})

    assert texts_to("13900000009") == ["【天津消费维权】7"]


def test_opening_a_message_marks_it_and_leads_on(citizen: User, bureau: Organisation, client: Client) -> None:
    notice = told(citizen, bureau)
    stranger = people.citizen("13900000002")
    client.force_login(stranger, backend=people.BACKEND)
    assert client.get(f"/inbox/{notice.public_id}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None

    client.force_login(citizen, backend=people.BACKEND)
    assert client.get(f"/inbox/{notice.public_id}/")["Location"] == "/inbox/"
    assert notices.unread_count(citizen) == 0


def test_pages_of_the_inbox_show_each_message_once(citizen: User, bureau: Organisation) -> None:
    with time_machine.travel("2026-11-24 10:00+08:00", tick=False):
        for _turn in range(5):
            told(citizen, bureau)
    told(people.citizen("13900000002"), bureau)

    seen, after = [], ""
    while True:
        page = notices.page_of(citizen, after=after, size=2)
        seen += [notice.public_id for notice, _said in page.rows]
        after = page.next_after
        if not after:
            break

    assert len(seen) == len(set(seen)) == 5


def test_the_inbox_page_shows_the_words_and_the_way(citizen: User, bureau: Organisation, client: Client) -> None:
    told(citizen, bureau)
    client.force_login(citizen, backend=people.BACKEND)

    text = client.get("/inbox/").content.decode()
    assert "11 月 26 日（星期四）前办结" in text
    assert client.post("/inbox/read/")["Location"] == "/inbox/"
    assert notices.unread_count(citizen) == 0
