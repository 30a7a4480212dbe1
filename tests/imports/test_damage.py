"""Signs of damage."""

import pytest

from portal.imports.damage import find_damage
from portal.imports.findings import Kind


def damage(*lines: str) -> list[tuple[int, int, Kind]]:
    """Line, column and kind of what is found."""
    return [(f.line, f.column, f.kind) for f in find_damage("f", list(enumerate(lines, 1)))]


def test_pinyin_in_brackets_is_damage_when_it_is_everywhere() -> None:
    """統(tǒng) by the dozen is a broken copy; a gloss or two is an author's, and only a notice."""
    assert damage("系統(tǒng)政務(wù)工作作風(fēng)") == [(1, 3, Kind.DAMAGE)]
    assert damage("槑(méi)字少见。") == [(1, 2, Kind.NOTICE)]


@pytest.mark.parametrize("text", ["甲公司(abc)与乙(b)。", "可见光(uv)光度计、二甲苯(p)、型号(a)"])
def test_letters_in_brackets_are_not_pinyin(text: str) -> None:
    """Without a tone mark it must be a reading of the character before it."""
    assert damage(text) == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("落實,確?!八娘L(fēng)题", 5),
        ("确保?，不反弹", 3),
        ("甲\ufffd乙", 2),
        ("甲锟斤拷乙", 2),
        ("第一??项", 3),
    ],
)
def test_lost_bytes(text: str, column: int) -> None:
    """A question mark that asks nothing, the replacement character, the traces of a wrong encoding."""
    assert (1, column, Kind.DAMAGE) in damage(text)


@pytest.mark.parametrize("text", ["怎么办?我们研究。", "是否可行?请答复", "行吗?!大家说", "甲？乙", "A?B"])
def test_a_sloppy_question_is_a_question(text: str) -> None:
    """A half-width mark after a question is bad style, not a lost byte."""
    assert damage(text) == []


def test_a_letter_in_the_place_of_half_a_character() -> None:
    """四風(fēng) became 八娘L(fēng)."""
    assert (1, 4, Kind.DAMAGE) in damage("，八娘L(fēng)")


def test_a_doubled_character_at_the_start_of_a_word_known_elsewhere() -> None:
    """、內內容關 beside 內容; glosses do not hide it, and its column is that of the source."""
    assert damage("网站内容和栏目，政策关、内内容关。") == [(1, 13, Kind.DAMAGE)]
    found = damage("網站內(nèi)容、、", "行文關(guān)、內(nèi)內(nèi)容")
    assert (2, 11, Kind.DAMAGE) in found


@pytest.mark.parametrize(
    "text",
    [
        "人人皆知，人皆有之。",
        "领会会议精神",
        "，紧紧围绕，紧围绕",
        "国务院院长",
        "上一年度年度报告",
        "教学相长、学学相长。",
        "接受人接受人体器官",
    ],
)
def test_reduplication_and_neighbouring_words_are_good_chinese(text: str) -> None:
    """False alarms would make editors deaf."""
    assert damage(text) == []


def test_a_doubled_verb() -> None:
    """定期开展开展 cannot be right."""
    assert damage("定期开展开展检查。") == [(1, 3, Kind.DAMAGE)]


def test_an_unpaired_quotation_mark() -> None:
    """What opened or closed it is lost."""
    assert damage("甲”乙") == [(1, 2, Kind.DAMAGE)]
    assert damage("《甲“乙”》", "“丙") == [(2, 1, Kind.DAMAGE)]


def test_a_body_pasted_twice_is_told_once_with_its_lines() -> None:
    """The lines of the copy are named, and damage within the copy is not repeated."""
    body = [
        "一、甲" + "天" * 3,
        "（一）" + "这是较长的一段文字，" * 12,
        "（二）" + "另有不同的一段文字，" * 12 + "确保?，",
    ]
    found = find_damage("f", list(enumerate(["开头", *body, *body], 1)))
    assert [(f.line, f.why[:8]) for f in found] == [(4, "句中的半角问号不"), (5, "第5至7行与第2")]


def test_a_list_that_a_text_repeats_is_no_copy() -> None:
    """Regulations repeat short lists, and long ones that are a small part of the whole."""
    items = [f"（{n}）" + "某种情形的说明文字；" * 2 for n in "一二三四五六七八九十"]
    rest = [f"第{n}条 " + "互不相同的条文" * 20 + str(n) for n in range(12)]
    assert damage(*items, *rest, *items) == []


def test_traditional_script_is_a_notice() -> None:
    """The text is not wrong, it is not in the portal's script; a name or two is nothing."""
    kinds = [kind for _, _, kind in damage("進一步完善措施，提高政務工作水平，認真貫徹落實會議精神，統籌協調。")]
    assert kinds == [Kind.NOTICE]
    assert damage("作者：陳明，为提高政务工作水平，认真贯彻落实会议精神。") == []
