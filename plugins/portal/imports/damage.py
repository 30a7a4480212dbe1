"""Signs that pasted Chinese text is broken: pinyin glued to characters, lost bytes, doubled words, a body pasted twice.

Every sign was tried on 683 regulations as clean text; a rule that cried wolf there is not here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from pypinyin import Style, pinyin

from portal.imports.findings import Finding, Kind, excerpt

Lines = Sequence[tuple[int, str]]
"""Lines with their numbers."""

_H = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN = re.compile(f"[{_H}]")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿế"
_GLOSS = re.compile(rf"(?<=[{_H}A-Za-z])\(([a-zü{_TONED}]{{1,6}})\)")
_HALF = re.compile(rf"(?<=[{_H}])[A-Z](?=\([a-zü]*[{_TONED}][a-zü]*\))")
_LOST = re.compile(rf"(?<=[{_H}])\?(?=[！，。；：、”’）》]|!?[{_H}])|(?<=[{_H}])\?{{2,}}")
_ASKING = re.compile("[吗嗎呢何谁誰哪几幾吧]|什么|什麼|怎|是否|多少|能否|有没有|有沒有")
_BROKEN = re.compile("\ufffd|[\ue000-\uf8ff]|锟斤拷|烫烫烫|屯屯屯|[ÃÂ][\u0080-\u00bf]|â€|ï»¿")
_DOUBLE = re.compile(rf"(?:(?<=[，。；：、？！“《（])|^)([{_H}])\1(?=([{_H}]))")
_REDUPLICATED = frozenset(
    "人天年月日处處事时時层層样樣件个個紧緊牢深渐漸常往仅僅刚剛恰大种種多好慢久早远遠稳穩步节節条條家户戶代世项項桩"
    "樁某默频頻屡屢纷紛缓緩点點滴方形色实實扎踏七八九一二三四五六零明真口声聲字句村校厂廠企警军軍民级級科研学學"
)
# Words that nothing can make twice in a row: verbs without a noun of the same characters, and adverbs.
_PHRASE = re.compile(
    r"(开展|開展|进行|進行|加强|加強|推进|推進|提高|做好|认真|認真|积极|積極|深入|切实|切實|不断|不斷|进一步|進一步)\1"
)
_PAIRS = (("“", "”"), ("《", "》"))
_GLOSSES_MEANT = 2  # a writer may explain a rare character or two; a broken text has them by the dozen
_COPY = 200  # characters that a repeated passage must have to be a second pasting; 粮食流通管理条例 repeats a list of
_SHARE = 4  # that length, but a pasting repeats a good part of the whole: at least one character in so many


def find_damage(file: str, lines: Lines) -> tuple[Finding, ...]:
    """All signs of damage in the lines of a text, and a notice for Traditional script, sorted by line and column."""
    copies, copied = _copies(file, lines)
    # What stands in the second pasting goes with it: its damage is told once, where it stands first.
    lines = [(number, text) for number, text in lines if number not in copied]
    found = [*copies, *_glosses(file, lines), *_script(file, lines)]
    pairs = Counter(pair for _, text in lines for pair in _bigrams(unglossed(text)[0]))
    for number, text in lines:
        found += _lost(file, number, text)
        found += _doubled(file, number, text, pairs)
        found += _unpaired(file, number, text)
    return tuple(sorted(set(found)))


def _damage(file: str, line: int, at: int, text: str, why: str, remedy: str, kind: Kind = Kind.DAMAGE) -> Finding:
    return Finding(file, line, at + 1, kind, excerpt(text), why, remedy)


def _is_gloss(text: str, m: re.Match[str]) -> bool:
    if any(c in _TONED for c in m[1]):
        return True
    readings = pinyin(text[m.start() - 1], style=Style.NORMAL, heteronym=True, errors="ignore")
    return any(m[1] in reading for reading in readings)


def _glosses(file: str, lines: Lines) -> Iterator[Finding]:
    by_line = {n: (t, [m for m in _GLOSS.finditer(t) if _is_gloss(t, m)]) for n, t in lines}
    total = sum(len(matches) for _, matches in by_line.values())
    for number, (text, matches) in by_line.items():
        if not matches:
            continue
        shown = "、".join(text[m.start() - 1 : m.end()] for m in matches[:3])
        if total <= _GLOSSES_MEANT:
            remedy = "确需注音的，请用 <ruby>字<rt>zì</rt></ruby>；不需要的请删去。"
            yield _damage(file, number, matches[0].start(), shown, "汉字后面有拼音。", remedy, Kind.NOTICE)
        else:
            why = f"汉字后面夹有拼音，本行 {len(matches)} 处：多是繁简转换或网页复制时带入的。"
            yield _damage(file, number, matches[0].start(), shown, why, "请删去括号和拼音，或从原网页重新复制正文。")


def unglossed(text: str) -> tuple[str, list[int]]:
    """The text without glosses, and where each of its characters stands in the original."""
    dropped: set[int] = set()
    for m in _GLOSS.finditer(text):
        if _is_gloss(text, m):
            dropped.update(range(m.start(), m.end()))
    kept = [i for i in range(len(text)) if i not in dropped]
    return "".join(text[i] for i in kept), kept


def _lost(file: str, number: int, text: str) -> Iterator[Finding]:
    remedy = "请对照原文补上丢失的文字。"
    for m in _HALF.finditer(text):
        shown = text[max(0, m.start() - 4) : m.end() + 8]
        yield _damage(file, number, m.start(), shown, "汉字里夹着一个字母，像是一个字的一半字节丢失了。", remedy)
    for m in _LOST.finditer(text):
        at = m.start()
        clause = re.split(r"[，。；！,;!]", text[:at])[-1]
        if _ASKING.search(clause):
            continue
        shown = text[max(0, at - 4) : at + 8]
        yield _damage(file, number, at, shown, "句中的半角问号不像提问，像是读不出的字节。", remedy)
    for m in _BROKEN.finditer(text):
        shown = text[max(0, m.start() - 4) : m.end() + 4]
        yield _damage(file, number, m.start(), shown, "有乱码。", "请用正确的编码重新打开原文，再复制。")


def _bigrams(text: str) -> Iterator[str]:
    for a, b in pairwise(text):
        if a != b:
            yield a + b


def _doubled(file: str, number: int, text: str, pairs: Counter[str]) -> Iterator[Finding]:
    clean, places = unglossed(text)
    remedy = "请核对，多余的请删去。"
    for m in _DOUBLE.finditer(clean):
        # 、內內容: the pair 內容 must be a word of this text elsewhere too, else 学学相长 would be accused.
        if m[1] not in _REDUPLICATED and pairs[m[1] + m[2]] > 1:
            shown = clean[max(0, m.start() - 4) : m.end() + 4]
            yield _damage(file, number, places[m.start()], shown, f"“{m[1]}”字重复。", remedy)
    for m in _PHRASE.finditer(clean):
        shown = clean[max(0, m.start() - 4) : m.end() + 4]
        yield _damage(file, number, places[m.start()], shown, f"“{m[1]}”重复。", remedy)


def _unpaired(file: str, number: int, text: str) -> Iterator[Finding]:
    for left, right in _PAIRS:
        opened: list[int] = []
        for at, c in enumerate(text):
            if c == left:
                opened.append(at)
            elif c == right and opened:
                opened.pop()
            elif c == right:
                opened = [at]
                break
        if opened:
            at = opened[0]
            why = f"引号或书名号 {text[at]} 没有配对，附近可能丢了文字。"
            yield _damage(file, number, at, text[max(0, at - 6) : at + 6], why, "请对照原文补全。")


def _copies(file: str, lines: Lines) -> tuple[list[Finding], set[int]]:
    """Passages that repeat an earlier one, and the numbers of their lines."""
    said = [(n, re.sub(r"\s+", "", t)) for n, t in lines if t.strip()]
    total = sum(len(t) for _, t in said)
    found: list[Finding] = []
    copied: set[int] = set()
    first: dict[str, int] = {}
    at = 0
    while at < len(said):
        start = first.setdefault(said[at][1], at)
        length = 0
        while start + length < at and at + length < len(said) and said[at + length][1] == said[start + length][1]:
            length += 1
        size = sum(len(t) for _, t in said[at : at + length])
        if size >= _COPY and size * _SHARE >= total:
            here = f"第{said[at][0]}至{said[at + length - 1][0]}行"
            there = f"第{said[start][0]}至{said[start + length - 1][0]}行"
            why = f"{here}与{there}完全相同：正文粘贴了两遍。"
            found.append(_damage(file, said[at][0], 0, said[at][1], why, f"请删去{here}。"))
            copied.update(n for n, _ in said[at : at + length])
        at += max(length, 1) if size >= _COPY else 1
    return found, copied


def _script(file: str, lines: Lines) -> Iterator[Finding]:
    traditional: list[tuple[int, int, str]] = []
    total = 0
    for number, text in lines:
        total += len(_HAN.findall(text))
        traditional += [(number, at, c) for at, c in enumerate(text) if _is_traditional(c)]
    # A few such characters are names; a text in Traditional script has a fifth of them.
    if len(traditional) >= 10 and len(traditional) * 20 > total:
        number, at, _ = traditional[0]
        shown = "".join(dict.fromkeys(c for _, _, c in traditional[:40]))
        why = f"是繁体字（{len(traditional)} 个，占汉字的 {len(traditional) * 100 // total}%），本网站用规范汉字。"
        remedy = "请转换为规范汉字并逐句核对（国家通用语言文字法第九条）；本工具不自动转换。"
        yield _damage(file, number, at, shown, why, remedy, Kind.NOTICE)


@cache
def _is_traditional(c: str) -> bool:
    """Whether the character is in Big5 but not in GB 2312, which holds the Simplified forms in use."""
    if not _HAN.match(c):
        return False
    try:
        c.encode("gb2312")
    except UnicodeEncodeError:
        pass
    else:
        return False
    try:
        c.encode("big5")
    except UnicodeEncodeError:
        return False
    return True
