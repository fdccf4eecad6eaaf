"""The sentence that a closed case proposes for the public register: from classes first, from its words only masked."""

import re

from django.utils.translation import gettext as _

from complaints import filing_rules, rules
from complaints.models import Case
from portal.kernel import crypto, pii, regions
from publicity.models import CaseFact

MOST_STORY, FEWEST_STORY = 120, 20
_ENDS = "。！？!?；;…"
_GREETING = re.compile(
    r"^(?:(?:[^，。！？!?；;：:]{0,20}[：:，,]?\s*)?(?:[您你]们?|领导|书记|[市县局处所]长|大家)好[\s!！。，,：:~]+"
    r"|(?:尊敬|敬爱)的[^，。！？!?；;：:]{0,20}[：:，,]\s*)"
)
_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]?")


def summary_of(case: Case) -> str:
    """What happened, what was asked for and how it ended, without anything that could name a person.

    A proposal for a reviewer: the story is masked by `pii` and cut at a sentence, never the consumer's full text.
    """
    asked = "、".join(str(rules.CLAIMS[claim]) for claim in case.claims if claim in rules.CLAIMS)
    outcome = CaseFact.Outcome(case.outcome).label if case.outcome else ""
    return _("消费者{about}：{story}请求{asked}。处理结果：{outcome}。").format(
        about=_about(case), story=_story(case), asked=asked, outcome=outcome
    )


def _about(case: Case) -> str:
    day = case.purchased_on
    when = _("于 {year} 年 {month} 月").format(year=day.year, month=day.month) if day else ""
    mode = filing_rules.SALE_MODES.get(case.sale_mode)
    how = _("（{mode}）").format(mode=mode) if mode else ""
    what = _("反映{problem}问题").format(problem=regions.problem_name(case.problem)) if case.problem else _("反映")
    return f"{when}{how}{what}"


def _story(case: Case) -> str:
    masked = _GREETING.sub("", " ".join(pii.mask(crypto.unseal(case, "facts_sealed")).split()))
    story = ""
    for sentence in _SENTENCE.findall(masked):
        if len(story) + len(sentence) > MOST_STORY:
            if len(story) < FEWEST_STORY:
                story += f"{sentence[: MOST_STORY - len(story)]}……"
            break
        story += sentence
    return story if story.endswith(tuple(_ENDS)) else f"{story}。"
