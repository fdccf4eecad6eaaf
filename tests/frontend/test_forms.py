"""Forms in the house's look: label above, hint under it, the error by what is wrong, and a summary that leads there."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

from portal.kernel.web import DayInput, MoneyInput


class Everything(forms.Form):
    name = forms.CharField(label="您的姓名", help_text="照身份证上的写。")
    facts = forms.CharField(label="发生了什么", widget=forms.Textarea(attrs={"rows": "7", "maxlength": "1000"}))
    paid = forms.CharField(label="涉及多少钱", help_text="没有付钱就填 0。", widget=MoneyInput())
    bought_on = forms.Field(label="哪一天买的", help_text="记不清写大概的日子。", widget=DayInput())
    district = forms.ChoiceField(label="在哪个区", choices=[("", "请选择"), ("120104", "南开区")])
    claims = forms.MultipleChoiceField(
        label="要求", choices=[("refund", "退货"), ("repair", "修理")], widget=forms.CheckboxSelectMultiple
    )
    side = forms.ChoiceField(label="哪一方", choices=[("a", "消费者"), ("b", "商家")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="同意公示", help_text="去掉姓名以后才公示。", required=False)
    paper = forms.FileField(label="凭证", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


FILLED: dict[str, Any] = {
    "name": "林示例",
    "facts": "噪声很大",
    "paid": "1299.00",
    "bought_on_y": "2026",
    "bought_on_m": " 11 ",
    "bought_on_d": "2",
    "district": "120104",
    "claims": ["refund"],
    "side": "a",
}
VISIBLE = [name for name in Everything.base_fields if name != "version"]


def page(form: forms.Form) -> str:
    return render_to_string("parts/errors.html", {"form": form}) + str(form)


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def test_every_control_has_a_name_that_a_screen_reader_finds() -> None:
    html = page(Everything())

    named = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    controls = re.findall(r"<(?:input|select|textarea)[^>]*>", html)
    for control in controls:
        if 'type="hidden"' in control or 'name="bought_on_' in control:
            continue
        found = re.search(r'\bid="([^"]+)"', control)
        assert found, control
        assert found[1] in named, control
    for word in ("年", "月", "日"):
        assert re.search(rf"<label>{word}<input", html)


def test_no_id_is_given_twice() -> None:
    html = page(Everything({}))
    assert len(ids(html)) == len(set(ids(html)))


def test_hints_and_errors_are_tied_to_their_control() -> None:
    html = page(Everything({}))
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for target in described.split():
            assert target in ids(html), target
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_the_summary_counts_what_is_wrong_and_leads_to_it() -> None:
    form = Everything({})
    html = page(form)

    assert set(form.errors) == {"name", "facts", "paid", "bought_on", "district", "claims", "side"}
    assert "有 7 处要改，改好再继续" in html
    links = re.findall(r'<li><a href="#([^"]+)"', html)
    assert len(links) == 7
    assert set(links) <= set(ids(html))
    assert html.count('class="field wrong"') == 7


def test_a_filled_form_has_no_summary_and_nothing_wrong() -> None:
    form = Everything(FILLED)
    assert form.is_valid()
    assert form.cleaned_data["bought_on"] == ["2026", "11", "2"]
    html = page(form)
    assert "wrong" not in html
    assert 'value="林示例"' in html
    assert 'value="refund"' in html
    assert re.search(r'value="refund"[^>]*checked', html)


def test_an_amount_has_its_unit_and_room_to_be_read_back() -> None:
    html = str(Everything()["paid"])
    assert 'inputmode="decimal"' in html
    assert "<span>元</span>" in html
    assert '<output class="count" for="id_paid"></output>' in html


def test_a_day_is_shown_in_its_three_inputs() -> None:
    html = str(Everything(initial={"bought_on": date(2026, 11, 2)})["bought_on"])
    assert re.findall(r'value="(\d+)"', html) == ["2026", "11", "2"]
    assert re.findall(r'name="(bought_on_\w)"', html) == ["bought_on_y", "bought_on_m", "bought_on_d"]
    assert 'class="input yyyy"' in html


@pytest.mark.parametrize("field", VISIBLE)
def test_no_control_is_left_to_the_browsers_look(field: str) -> None:
    html = Everything()[field].as_field_group()
    assert re.search(r'class="(input|area|select|pick|file|input yyyy)"', html), html


def test_a_refusal_of_the_whole_form_is_said_once_at_its_top() -> None:
    form = Everything(FILLED)
    form.add_error(None, "这件事刚刚被别人改过。")
    html = render_to_string("parts/errors.html", {"form": form})
    assert "有 1 处要改" in html
    assert "<li>这件事刚刚被别人改过。</li>" in html
