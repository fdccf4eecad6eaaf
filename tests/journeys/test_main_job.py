"""The whole main job, by all who take part in it: a phone, a shop's phone, the desks of the city, and the public."""

import re
from datetime import timedelta

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
    assert "牌子有效" in consumer.text
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
    consumer.page.wait_for_url("**/receipt/")
    found = re.search(r"TJ-TS-\d{8}-\d{6}", consumer.text)
    assert found is not None
    return found.group()


def _decide(desk: Person, case: str) -> None:
    desk.enter_as("hub")
    desk.go(case)
    assert "天津市南开区市场监督管理局" in desk.text
    desk.press("分送")
    desk.page.get_by_text("投诉分送通知书").first.wait_for()
    desk.enter_as("officer")
    desk.go(case)
    desk.page.locator("[name=decide-decision][value=accept]").check()
    desk.press("提交决定")
    desk.page.get_by_text("投诉受理决定书").first.wait_for()
    assert "已受理" in desk.text


def _consent(person: Person) -> None:
    person.press("同意调解")
    answered = person.page.get_by_role("button", name="改为不同意")
    answered.or_(person.page.get_by_role("link", name="进调解室")).first.wait_for()


def test_from_a_phone_to_a_published_and_paid_end(
    house: Portal, consumer: Person, merchant: Person, desk: Person, public: Person
) -> None:
    number = _file(consumer)
    public_id = consumer.page.url.split("/case/")[1].split("/")[0]
    case = f"/desk/cases/{public_id}/"
    _decide(desk, case)

    consumer.go(f"/case/{public_id}/")
    consumer.page.get_by_role("link", name=re.compile("表态|答复|同意|调解")).first.click()
    consumer.page.wait_for_url("**/mediation/*/")
    talks = consumer.page.url.rstrip("/").rsplit("/", 1)[1]
    _consent(consumer)
    merchant.sign_in_by_phone(MERCHANT)
    merchant.go("/merchant/")
    assert "林示例" not in merchant.text
    merchant.go(f"/mediation/{talks}/")
    _consent(merchant)

    _talk_and_agree(consumer, merchant, desk, talks)
    agreement = _sign(consumer, merchant, desk, talks)
    desk.go(case)
    desk.page.locator("[name=close-lead][value=none]").check()
    desk.press("办结这件")

    record = _disclose(desk, public)
    _break_and_pay(house, consumer, desk, public, number, agreement)

    public.go(f"/register/{record}/")
    assert "调解成功" in public.text
    assert "林示例" not in public.text
    assert CONSUMER not in public.text


def _talk_and_agree(consumer: Person, merchant: Person, desk: Person, talks: str) -> None:
    room = f"/room/{talks}/"
    consumer.go(room)
    merchant.go(room)
    consumer.fill(text="东西噪声很大，我要求全退。")
    consumer.press("发给三方")
    merchant.page.get_by_text("东西噪声很大，我要求全退。").wait_for()
    consumer.page.get_by_role("link", name=re.compile("提出(新)?方案")).first.click()
    consumer.fill(amount="400", terms="商品交还商家，原路退款。")
    consumer.press("发给商家")
    merchant.go(room)
    merchant.follow("答复这个方案")
    assert "400.00" in merchant.text
    merchant.press("接受这个方案")
    merchant.page.get_by_text("接受").first.wait_for()
    merchant.page.wait_for_load_state("networkidle")
    desk.go(f"/desk/mediations/{talks}/")
    desk.press("生成协议")


def _sign(consumer: Person, merchant: Person, desk: Person, talks: str) -> str:
    for person, number in ((consumer, CONSUMER), (merchant, MERCHANT)):
        person.go(f"/room/{talks}/")
        person.follow("看协议并签名")
        assert "林示例" in person.text
        person.press("看清楚了，发验证码")
        person.fill(code=person.latest_code(number))
        person.press("签名")
    agreement = consumer.page.url.split("/agreement/")[1].split("/")[0]
    desk.go(f"/desk/mediations/{talks}/")
    assert "投诉调解书" in desk.text
    return agreement


def _disclose(desk: Person, public: Person) -> str:
    desk.enter_as("reviewer")
    desk.go("/desk/disclosures/")
    waiting = desk.page.locator("li").filter(has_text="待初审")
    waiting.get_by_role("link", name=SHOP).last.click()
    desk.page.wait_for_url(re.compile(r"/desk/disclosures/\w{20}/"))
    record = desk.page.url.rstrip("/").rsplit("/", 1)[1]
    desk.fill(summary="空气净化器拆封后因噪声要求退货，店方起初拒绝，经调解同意退货退款。")
    desk.press("通过初审")
    desk.enter_as("discloser")
    desk.go(f"/desk/disclosures/{record}/")
    desk.press("公示")
    until = 30
    while (
        until
        and public.page.request.get(f"{public.house.address}/api/v1/disclosures?q=空气净化器拆封").json()["total"] == 0
    ):
        public.page.wait_for_timeout(500)
        until -= 1
    public.go("/register/?q=空气净化器+噪声")
    assert SHOP in public.text
    public.page.get_by_role("link", name=SHOP).first.click()
    return record


def _break_and_pay(house: Portal, consumer: Person, desk: Person, public: Person, number: str, agreement: str) -> None:
    done = portal(
        "portal", "manage", "shell", "-v0", "-c", DAYS_PASS.format(number=number), environment=house.environment
    )
    assert "BREACHED" in done.stdout, done.stdout
    consumer.go(f"/agreement/{agreement}/")
    consumer.follow("申请先行赔付")
    consumer.fill(payee_name="林示例", payee_account="6222000000000012345")
    consumer.page.locator("[name=has_no_other_compensation]").check()
    consumer.page.locator("[name=assigns_the_claim]").check()
    consumer.press("提交申请")
    claim = consumer.page.url.split("/claim/")[1].split("/")[0]
    _decide_and_pay(desk, claim)
    _until(consumer, f"/claim/{claim}/", "400.00")
    _until(public, "/fund/", "赔付")
    _recover(desk, claim)
    public.go("/shops/?q=海河示例")
    public.page.get_by_role("link", name=SHOP).first.click()
    assert "在期" in public.text


def _until(person: Person, path: str, words: str) -> None:
    for _ in range(40):
        person.go(path)
        if words in person.text:
            return
        person.page.wait_for_timeout(500)
    raise AssertionError(f"{path} never said {words}")


def _decide_and_pay(desk: Person, claim: str) -> None:
    desk.enter_as("fund-keeper")
    desk.go(f"/desk/fund/{claim}/")
    desk.press("齐全，冻结这笔钱")
    desk.enter_as("fund-approver")
    desk.go(f"/desk/fund/{claim}/")
    desk.press("批准赔付")
    _until(desk, f"/desk/fund/{claim}/", "追偿中")


def _recover(desk: Person, claim: str) -> None:
    desk.enter_as("fund-keeper")
    desk.go(f"/desk/fund/{claim}/")
    desk.fill(**{"receipt-amount": "400", "receipt-reference": f"JOURNEY-{claim[:8]}"})
    desk.press("登记")
    desk.enter_as("fund-approver")
    desk.go(f"/desk/fund/{claim}/")
    desk.press("核对入账", exact=False)
    _until(desk, f"/desk/fund/{claim}/", "已追回")
