"""What happened in the demo city: each case is walked through the services, at the moments at which it happened."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.models import Case
from complaints.services import closing, decisions, intake, supplements, triage
from complaints.services.filing import Filing
from mediation.models import Agreement, Mediation
from mediation.services import agreements, appraisals, messages, offers, performance, sessions
from portal.demo.people import People
from portal.demo.shops import DemoShop
from portal.demo.words import GIVEN, STORIES, STREETS, SURNAMES, Story
from portal.kernel import calendars, clock, crypto
from portal.kernel.models import OutgoingMessage, PhoneCode, User

SIX = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass
class Walk:
    """One case on its way: `at` is the moment of the latest step, never later than `now`."""

    crowd: People
    chance: random.Random
    now: datetime
    at: datetime
    shop: DemoShop
    story: Story
    citizen: User
    case: Case | None = None

    def later(self, days: float) -> None:
        """Go on some days later, in office hours and never beyond today."""
        moved = self.at + timedelta(days=days, minutes=self.chance.randrange(5, 90))
        day = clock.day_of(moved)
        while not calendars.is_working_day(day, calendar=calendars.current()):
            day += timedelta(days=1)
        moved = datetime(
            day.year, day.month, day.day, self.chance.randrange(9, 17), self.chance.randrange(60), tzinfo=clock.SHANGHAI
        )
        self.at = min(max(moved, self.at + timedelta(minutes=7)), self.now - timedelta(minutes=3))

    @contextmanager
    def moment(self) -> Iterator[None]:
        with clock.standing_at(self.at):
            yield

    @property
    def it(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def version(self) -> int:
        return Case.objects.values_list("version", flat=True).get(pk=self.it.pk)

    @property
    def bureau(self) -> str:
        return f"tj-{self.it.district}"

    @property
    def handler(self) -> User:
        return self.crowd.handlers[self.bureau][0]

    @property
    def reviewer(self) -> User:
        return self.crowd.reviewers[self.bureau]

    @property
    def mediation(self) -> Mediation:
        return Mediation.objects.get(case_id=self.it.pk)

    # ── Steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def file(self) -> None:
        story, chance = self.story, self.chance
        name = f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}"
        phone = crypto.unseal(self.citizen, "phone_sealed")
        filing = Filing(
            shop_id=self.shop.shop.pk,
            district=self.shop.shop.district,
            title=story.title,
            facts=story.facts,
            purchased_on=clock.day_of(self.at) - timedelta(days=chance.randrange(2, 60)),
            paid_fen=story.paid_yuan * 100,
            claims=story.claims,
            claimed_fen=story.paid_yuan * 100,
            problem=story.problem,
            object_class=story.object_class,
            sale_mode=chance.choice(("offline", "offline", "platform", "prepaid", "")),
            name=name,
            phone=phone,
            address=f"天津市河西区{chance.choice(STREETS)} {chance.randrange(1, 30)} 号楼",
            agrees_to_disclosure=chance.random() < 0.8,
            agrees_to_delegation=chance.random() < 0.5,
        )
        channel = chance.choices(("PORTAL", "T12315", "WINDOW"), (7, 2, 1))[0]
        who = self.citizen if channel == "PORTAL" else self.crowd.staff["hub"]
        with self.moment():
            self.case = intake.file(filing=filing, channel=channel, who=who, key=f"demo-{chance.getrandbits(64):016x}")

    def dispatch(self) -> None:
        with self.moment():
            triage.dispatch(
                case_id=self.it.pk,
                unit_id=self.crowd.units[self.bureau].pk,
                reason="实际经营地在本区",
                who=self.crowd.staff["hub"],
                version=self.version,
            )

    def send_back(self) -> None:
        with self.moment():
            triage.return_to_hub(
                case_id=self.it.pk,
                reason="经核对不在本区经营，本局没有处理权限",
                who=self.handler,
                version=self.version,
            )

    def transfer(self) -> None:
        with self.moment():
            triage.transfer_out(
                case_id=self.it.pk,
                to_unit_id=self.crowd.units["tj-housing"].pk,
                reason="属于物业服务争议，由住房城乡建设部门处理",
                who=self.crowd.staff["hub"],
                version=self.version,
            )

    def withdraw(self) -> None:
        with self.moment():
            supplements.withdraw(case_id=self.it.pk, who=self.citizen, version=self.version)

    def claim(self) -> None:
        with self.moment():
            decisions.claim_case(case_id=self.it.pk, who=self.handler, version=self.version)

    def accept(self) -> None:
        with self.moment():
            decisions.accept(case_id=self.it.pk, who=self.handler, version=self.version)
            sessions.invite(case_id=self.it.pk)

    def propose_rejection(self, ground: str, reason: str) -> None:
        with self.moment():
            decisions.propose_rejection(
                case_id=self.it.pk, ground=ground, reason=reason, who=self.handler, version=self.version
            )

    def propose_termination(self, ground: str, reason: str) -> None:
        with self.moment():
            decisions.propose_termination(
                case_id=self.it.pk, ground=ground, reason=reason, who=self.handler, version=self.version
            )

    def approve(self) -> None:
        with self.moment():
            proposal = self.it.proposals.get(state="open")
            decided = decisions.approve_proposal(proposal_id=proposal.pk, who=self.reviewer)
            if decided.state == Case.State.TERMINATED:
                sessions.end(case_id=self.it.pk)

    def consent(self, *, merchant: bool = True) -> None:
        with self.moment():
            mediation = self.mediation
            sessions.consent(mediation_id=mediation.pk, agrees=True, who=self.citizen)
            if merchant:
                sessions.consent(mediation_id=mediation.pk, agrees=True, who=self.shop.contact)

    def talk(self) -> None:
        lane = self.mediation.lanes.get(kind="joint")
        lines = (
            (self.handler, "两边好，先请商家说说情况，再请消费者说说要求。"),
            (self.shop.contact, "我们查了当天的记录，愿意先退一部分。"),
            (self.citizen, "东西有问题，我要求按票面退。"),
        )
        for place, (who, text) in enumerate(lines):
            with self.moment():
                messages.post(lane_id=lane.pk, text=text, key=f"demo-{self.it.pk}-{place}", who=who)
            self.later(0.01)

    def offer(self, share: float, *, by_consumer: bool = True) -> None:
        amount = round(self.story.paid_yuan * share) * 100
        with self.moment():
            today = clock.today()
            offers.make(
                mediation_id=self.mediation.pk,
                amount_fen=amount,
                terms="商品交还商家，原路退款。",
                pay_by=today + timedelta(days=20),
                answer_by=today + timedelta(days=14),
                who=self.citizen if by_consumer else self.shop.contact,
            )

    def agree(self) -> None:
        with self.moment():
            offers.accept(offer_id=self.mediation.offers.get(state="open").pk, who=self.shop.contact)
        self.later(0.3)
        with self.moment():
            mediation = self.mediation
            agreement = agreements.draw(mediation_id=mediation.pk, who=self.handler, version=mediation.version)
        for person in (self.citizen, self.shop.contact):
            self.later(0.2)
            self.sign(agreement, person)

    def sign(self, agreement: Agreement, person: User) -> None:
        with self.moment():
            agreements.send_code(agreement_id=agreement.pk, who=person)
            issued = PhoneCode.objects.get(used_at=None)
            sent = OutgoingMessage.objects.get(idempotency_key__contains=str(issued.pk))
            code = SIX.search(crypto.unseal(sent, "text_sealed"))
            assert code is not None
            agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=code.group(), who=person)
        PhoneCode.objects.all().delete()

    def appraise(self) -> None:
        with self.moment():
            mediation = self.mediation
            appraisals.commission(
                mediation_id=mediation.pk,
                body="示例检测中心",
                item=self.story.title[:40],
                cost_note="双方各付一半，检测不合格由商家承担",
                reference=f"检字〔2026〕{self.it.pk}号",
                commissioned_on=clock.today(),
                who=self.handler,
                version=mediation.version,
            )

    def tell_both(self) -> None:
        for side in ("consumer", "shop"):
            with self.moment():
                closing.record_service(
                    case_id=self.it.pk, side=side, method="electronic", who=self.handler, version=self.version
                )

    def close(self) -> None:
        with self.moment():
            closing.close(case_id=self.it.pk, who=self.handler, version=self.version, lead_checked=True)

    def perform(self) -> None:
        with self.moment():
            performance.mark_performed(agreement_id=self.mediation.agreement.pk, who=self.citizen)

    def breach(self) -> None:
        agreement = self.mediation.agreement
        day = performance.last_day(agreement) + timedelta(days=1)
        self.at = datetime(day.year, day.month, day.day, 0, 5, tzinfo=clock.SHANGHAI)
        with self.moment():
            performance.check(agreement_id=agreement.pk)


def stories() -> tuple[Story, ...]:
    """The kinds of story there are."""
    return STORIES
