"""What a complaint or a report is made of and what happens to it, in the words of the auditor's page."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Party, Report, Reporter
from portal.kernel import access_log, jobs, stories, words
from portal.kernel.stories import Part

CASE, REPORT = "case", "report"


def _named(name: str) -> Q:
    return Q(number=name) | Q(public_id=name)


def find_case(name: str) -> Case | None:
    """The complaint of a number or public id."""
    return Case.objects.filter(_named(name)).first()


def find_report(name: str) -> Report | None:
    """The report of a number or public id."""
    return Report.objects.filter(_named(name)).first()


def parts_of_case(case: models.Model) -> Iterator[Part]:
    """The consumer, and what became public of the case. That a lead was found in it belongs to the report alone."""
    assert isinstance(case, Case)
    party = Party.objects.filter(case=case).first()
    if party is not None:
        yield Part(party, _("投诉人"))
    disclosure = getattr(case.fact, "disclosure", None)
    if disclosure is not None:
        yield Part(disclosure, _("公示"))


def parts_of_report(report: models.Model) -> Iterator[Part]:
    """Who reported, when they said so."""
    reporter = Reporter.objects.filter(report_id=report.pk).first()
    if reporter is not None:
        yield Part(reporter, _("举报人"))


stories.register(stories.Kind(CASE, _("投诉"), find_case, str, lambda case: str(case.get_state_display())))  # type: ignore[attr-defined]
stories.register(stories.Kind(REPORT, _("举报"), find_report, str, lambda row: str(row.get_state_display())))  # type: ignore[attr-defined]
stories.adds(CASE, "complaints", parts_of_case)
stories.adds(REPORT, "complaints", parts_of_report)

words.say(
    {
        "case.filed": _("提交投诉，受理中心收到"),
        "case.registered": _("登记转来的工单"),
        "case.dispatched": _("分送有权处理的局"),
        "case.returned": _("退回受理中心"),
        "case.transferred": _("移送其他单位"),
        "case.claimed": _("承办人认领"),
        "case.accepted": _("决定受理"),
        "case.rejection_proposed": _("建议不予受理"),
        "case.termination_proposed": _("建议终止调解"),
        "case.proposal_returned": _("审核人退回建议"),
        "case.rejected": _("决定不予受理"),
        "case.terminated": _("决定终止调解"),
        "case.mediation_started": _("开始调解"),
        "case.settled": _("调解成功"),
        "case.served": _("告知一方"),
        "case.closed": _("办结"),
        "case.material_added": _("工作人员登记材料"),
        "case.supplemented": _("当事人补充材料"),
        "case.withdrawn": _("撤回投诉"),
        "case.withdrawal_asked": _("申请撤回投诉"),
        "case.consents_changed": _("改变公示或委托的同意"),
        "case.shop_moved": _("随商家合并改到另一家名下"),
        "report.received": _("收到举报或者线索"),
        "report.taken": _("执法员接手核查"),
        "report.proposed": _("提出处理建议"),
        "report.sent_back": _("审核人退回建议"),
        "report.extended": _("延长核查期限"),
        "report.filed": _("决定立案"),
        "report.not_filed": _("决定不予立案"),
        "report.handed_back": _("告知无权处理"),
        "report.shop_moved": _("随商家合并改到另一家名下"),
    }
)
access_log.say({"story": _("整件卷宗"), "audit": _("核查访问记录")})
jobs.say(
    {
        "complaints.tell_termination": _("告知双方终止调解"),
        "complaints.jobs.forget_the_proposal": _("撤回以后作废待审建议"),
        "complaints.jobs.issue_the_receipt": _("出具登记回执"),
        "complaints.jobs.follow_a_merged_shop": _("商家合并后移交案件"),
        "complaints.jobs.count_by_the_moved_day": _("按改动后的到期日统计"),
        "complaints.jobs.index_the_case": _("更新办案台检索"),
        "complaints.forget_draft": _("删除过期草稿"),
    }
)
