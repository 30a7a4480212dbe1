"""Characters as PDFs name them."""

import pytest

from attachments.papers import LINE, Sheet, pdf
from attachments.test_pdf import read


def test_radicals_become_the_characters_that_are_meant() -> None:
    """PDFs name 示 and 青 by the radicals that look the same, and fi by one letter; queries do not."""
    data = pdf(
        Sheet(["示范工作青年人民页a"]), more={"示": "⽰", "工": "⼯", "青": "⻘", "民": "⺠", "页": "⻚", "a": "ﬁ"}
    )
    assert read(data).blocks == ("示范工作青年人民页fi",)


def test_words_set_wide_are_closed() -> None:
    """通 知 is 通知 and 张 三 is 张三; spaces between longer words stay."""
    assert read(pdf(Sheet(["通 知", "", "张 三 出席 会议"]))).blocks == ("通知", "张三 出席 会议")
    assert read(pdf(Sheet(["目 录"]))).blocks == ("目录",)


@pytest.mark.parametrize(
    "garbage",
    [
        "\ue000\ue001\ue002\ue003",
        "\ufffd\ufffd\ufffd",
        "ÖÐ»ªÈËÃñ¹²ºÍ¹ú",
        "ם୍ཿਟੇਐऊুᄅႨـ",
        "/G23/G24/G2A",
        "(cid:12)(cid:7)",
    ],
)
def test_garbage_is_not_taken_for_words(garbage: str) -> None:
    """Private characters, replacement characters, GBK read as Latin, a jumble of scripts, and names of glyphs."""
    text = read(pdf(Sheet([LINE]), Sheet([garbage * 8])))
    assert text.blocks == (LINE,)
    assert text.refusal is not None
    assert text.refusal[0] == "attachment-garbled"
    assert "第 2 页" in text.refusal[1]


@pytest.mark.parametrize(
    "words",
    [
        "བོད་ལྗོངས་སྲིད་གཞུང་",
        "ئۇيغۇر ئاپتونوم رايونى",
        "Région autonome élevée à l’été",
        "α、β 粒子的 Ω 值 №5 ①",
        "第\ue000号文件",
    ],
)
def test_other_languages_and_a_rare_character_are_words(words: str) -> None:
    """Tibetan, Uyghur, French, formulas, and a name with one private character are read."""
    assert read(pdf(Sheet([words]))).refusal is None
