"""Characters as PDFs name them: the ones that are meant, and how many of them nobody can have written."""

import re
import unicodedata
from collections import Counter

# Characters that share a glyph with a common one: Chinese PDFs often name the radical (⽰, ⻘) for the character (示, 青).
_RADICALS = str.maketrans(
    "⺁⺄⺎⺐⺒⺓⺜⺝⺠⺧⺩⺪⺬⺮⺶⺽⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乙兀尢巳幺日月民牛王疋示竹羊臼虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
) | {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in (
        (0x2F00, 0x2FD5),  # Kangxi radicals
        (0x2E9F, 0x2E9F),
        (0x2EF3, 0x2EF3),
        (0xF900, 0xFAD9),  # compatibility ideographs
        (0xFB00, 0xFB06),  # ligatures: ﬁ, ﬂ
        (0xFE10, 0xFE19),  # punctuation of vertical lines
        (0xFE30, 0xFE44),
    )
    for code in range(first, last + 1)
}
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_SPACED = re.compile(rf"(?<!\S)[{_HAN}](?: +[{_HAN}])+(?!\S)")
_UNNAMED = re.compile(r"\(cid:\d+\)|/[A-Za-z]{1,3}[0-9A-F]{1,5}(?=[/\s]|$)")
_USUAL = {
    "CJK", "LATIN", "GREEK", "CYRILLIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH",
    "BOPOMOFO", "MODIFIER", "MATHEMATICAL", "SCRIPT", "MICRO", "OHM", "KELVIN", "ANGSTROM", "FEMININE", "MASCULINE",
}  # fmt: skip


def meant(text: str) -> str:
    """The text with the characters that its glyphs stand for, and words that are set wide closed: 通 知 is 通知."""
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text.translate(_RADICALS))


def strange(text: str) -> float:
    """The share of characters that nobody wrote: without meaning, glyph names, or letters of many scripts at once.

    A text layer whose map is missing or wrong gives such letters; an official text in Tibetan or Uyghur has one
    script, and French its few accents.
    """
    text = re.sub(r"\s", "", _UNNAMED.sub("\ufffd", text))
    found = 0
    scripts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        category = unicodedata.category(character)
        if character == "\ufffd" or category in ("Cc", "Cn", "Co", "Cs") or "\xa0" <= character <= "\xff":
            found += times
        elif category.startswith("L") and character > "\xff":
            scripts[unicodedata.name(character, "?").partition(" ")[0]] += times
    foreign = {script: times for script, times in scripts.items() if script not in _USUAL}
    if len(foreign) > 3:
        found += sum(foreign.values())
    return found / len(text) if text else 0.0
