"""What a regulation says of itself."""

import pytest

from portal.imports.clauses import effects, purpose, repealed


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("第三十五条 本条例自2008年5月12日起施行。", "2008年5月12日", "2008-05-12"),
        ("第三十一条 本条例自一九九○年八月一日起施行。", "一九九○年八月一日", "1990-08-01"),
        ("第一百二十四条 本规则自2001年8月1日零时起施行。", "2001年8月1日", "2001-08-01"),
        ("七、本规定自一九五七年六月一日起实行。", "一九五七年六月一日", "1957-06-01"),
        ("第五条 本规定从发布之日起施行。", "发布之日", None),
        ("第十条 本条例自1985年度起施行。", "1985年度", None),
        ("第十三条 本办法经国务院批准由交通部发布施行。", "发布之日", None),
    ],
)
def test_the_effect_is_read_in_every_form(text: str, words: str, day: str | None) -> None:
    """Arabic and Chinese numerals, 零时, 实行, 从; without an exact day none is made up."""
    (effect,) = effects([(7, text)])
    assert (effect.words, effect.on and str(effect.on), effect.line) == (words, day, 7)
    assert effect.relative == (words == "发布之日")


@pytest.mark.parametrize(
    "text",
    [
        "本条例施行前已经设立的公司，应当自本条例施行之日起6个月内登记。",
        "转让合同自批准之日起生效。",
        "海关自公告规定实施之日起执行。",
        "参照本条例执行。",
    ],
)
def test_other_beginnings_are_not_the_text_s_own(text: str) -> None:
    """Terms that count from 施行 and contracts that take effect say nothing of the text itself."""
    assert effects([(1, text)]) == ()


def test_the_purpose_is_the_first_article_s_clause() -> None:
    """第一条 为了…，制定本条例。 is the honest summary; without one there is none."""
    assert (
        purpose(["第一条 为了维护护士的合法权益，制定本条例。", "第二条 甲。"])
        == "为了维护护士的合法权益，制定本条例。"
    )
    assert purpose(["为加强审批工作，特制定本规定：", "一、甲。"]) == "为加强审批工作，特制定本规定。"
    assert purpose(["第一条 在中华人民共和国境内销售货物的单位为纳税人。"]) is None
    assert purpose([]) is None


def test_repealed_titles_are_those_of_the_closing_clause() -> None:
    """One or several, with quoted titles inside; a mere citation is no repeal."""
    text = "本条例自2022年3月1日起施行。《公司登记管理条例》、《甲〈乙〉办法》同时废止。"
    assert list(repealed([text])) == ["公司登记管理条例", "甲〈乙〉办法"]
    assert list(repealed(["依照《公司法》的规定废止合同。"])) == []
