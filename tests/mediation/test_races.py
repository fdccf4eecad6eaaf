"""Two people press at the same moment, on two connections."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections

from complaints.models import Case
from mediation.models import Agreement, Mediation, Message, Offer, Signature
from mediation.services import agreements, messages, offers, sessions
from portal.kernel import events
from portal.kernel.errors import Refused
from portal.kernel.models import Document
from tests.build_mediation import a_code, a_drawn_agreement, a_room, an_invitation, an_offer

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment, each on its own connection; answer ok or the code of each refusal."""
    barrier = Barrier(len(acts))
    answers = ["lost"] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            act()
            answers[place] = "ok"
        except Refused as refused:
            answers[place] = refused.code
        except Exception as error:
            answers[place] = repr(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_many_lines_at_once_are_numbered_without_gap_or_double() -> None:
    table = a_room()
    lane = table.lane

    def say(who: object, word: str) -> Callable[[], object]:
        return lambda: messages.post(lane_id=lane.pk, text=word, key=uuid4().hex, who=who)  # type: ignore[arg-type]

    people = (table.consumer, table.merchant, table.officer)
    answers = together(*(say(people[n % 3], f"第{n}句") for n in range(12)))

    assert answers == ["ok"] * 12
    seqs = list(Message.objects.filter(lane=lane).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 14))
    assert table.lane.last_seq == 13
    assert [event.payload["seq"] for event in events.of(lane)] == list(range(2, 14))


def test_one_key_sent_twice_at_once_is_one_line() -> None:
    table = a_room()
    lane_id = table.lane.pk

    answers = together(*[lambda: messages.post(lane_id=lane_id, text="好的。", key="same", who=table.consumer)] * 4)

    assert answers == ["ok"] * 4
    assert Message.objects.filter(lane_id=lane_id, key="same").count() == 1


def test_acceptance_and_withdrawal_at_once_have_one_winner() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)

    answers = together(
        lambda: offers.accept(offer_id=offer.pk, who=table.merchant),
        lambda: offers.withdraw(offer_id=offer.pk, who=table.consumer),
    )

    state = Offer.objects.get(pk=offer.pk).state
    assert Counter(answers) == Counter(["ok", "offer_over"])
    assert state == (Offer.State.ACCEPTED if answers[0] == "ok" else Offer.State.WITHDRAWN)
    names = [event.name for event in events.of(table.mediation)]
    assert names.count("offer.accepted") + names.count("offer.withdrawn") == 1


def test_two_offers_at_once_leave_one() -> None:
    table = a_room()

    answers = together(
        lambda: an_offer(table, table.consumer, amount_fen=700_00),
        lambda: an_offer(table, table.merchant, amount_fen=400_00),
    )

    assert Counter(answers) == Counter(["ok", "offer_open"])
    assert Offer.objects.filter(mediation=table.mediation).count() == 1


def test_a_counter_and_an_acceptance_at_once_have_one_winner() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)
    said = {"amount_fen": 400_00, "terms": "", "pay_by": offer.pay_by, "answer_by": offer.answer_by}

    answers = together(
        lambda: offers.accept(offer_id=offer.pk, who=table.merchant),
        lambda: offers.counter(offer_id=offer.pk, who=table.merchant, **said),  # type: ignore[arg-type]
    )

    assert Counter(answers) == Counter(["ok", "offer_over"])
    living = Offer.objects.filter(mediation=table.mediation, state__in=["open", "accepted"])
    assert living.count() == 1


def test_both_sides_consent_at_once_and_the_room_opens_once() -> None:
    table = an_invitation()

    answers = together(
        lambda: sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer),
        lambda: sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.merchant),
    )

    assert answers == ["ok", "ok"]
    assert table.now().state == Mediation.State.IN_SESSION
    assert [event.name for event in events.of(table.mediation)].count("mediation.opened") == 1
    assert Case.objects.get(pk=table.case.pk).state == Case.State.MEDIATING


def test_both_sides_sign_at_once_and_the_case_is_settled_once() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    codes = {who: a_code(agreement, who) for who in (table.consumer, table.merchant)}

    def sign(who: object) -> Callable[[], object]:
        return lambda: agreements.sign(
            agreement_id=agreement.pk,
            sha256=agreement.sha256,
            code=codes[who],  # type: ignore[index]
            who=who,  # type: ignore[arg-type]
        )

    answers = together(sign(table.consumer), sign(table.merchant))

    assert answers == ["ok", "ok"]
    assert sorted(Signature.objects.values_list("side", flat=True)) == ["consumer", "merchant"]
    assert Case.objects.get(pk=table.case.pk).state == Case.State.SETTLED
    assert Document.objects.filter(kind="form09").count() == 1
    assert [event.name for event in events.of(agreement)].count("agreement.concluded") == 1


def test_one_code_pressed_twice_signs_once() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    code = a_code(agreement, table.consumer)

    def sign() -> object:
        return agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=code, who=table.consumer)

    answers = together(sign, sign)

    assert answers.count("ok") == 1
    assert set(answers) - {"ok"} <= {"signed_already", "code_expired"}
    assert Signature.objects.count() == 1


def test_two_presses_write_one_agreement() -> None:
    table = a_room()
    offers.accept(offer_id=an_offer(table, table.consumer).pk, who=table.merchant)
    version = table.now().version

    def draw() -> object:
        return agreements.draw(mediation_id=table.mediation.pk, who=table.officer, version=version)

    assert together(draw, draw) == ["ok", "ok"]
    assert Agreement.objects.count() == 1
