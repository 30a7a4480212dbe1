"""The proof that search is exact: questions drawn from the records, and what the answer to each must be.

The truth knows nothing of pairs, shards or Pagefind. It looks for the normalised words of a question in the normalised
blocks of every record, as grep would.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.search.documents import Document
from portal.search.normal import WHITE, normalise

TERMS = (
    "政府信息公开", "依申请公开", "主动公开", "办公厅", "人民政府", "国务院办公厅", "规范性文件", "行政许可", "行政处罚", "行政复议",
    "财政预算", "决算报告", "政府采购", "统计公报", "应急预案", "公共卫生", "食品药品", "产品质量", "安全生产", "环境保护",
    "科研经费", "科技创新", "高新技术企业", "知识产权", "重点实验室", "自然科学基金", "科技计划", "包干制", "科研诚信", "奖励办法",
    "管理办法", "实施细则", "暂行规定", "意见征集", "新闻发布会", "政策解读", "负责人", "法定代表人", "有限责任公司", "事业单位",
    "国家秘密", "商业秘密", "个人隐私", "公民、法人和其他组织", "县级以上人民政府", "信访", "机构职能", "工作年度报告", "不予公开",
)  # fmt: skip
"""Ordinary terms of official language. Each is asked for with all its parts of two or more characters."""

VAIN = 200
"""After so many rounds without a new question there are no more: a small site has an end of them."""

_WORD = re.compile(f'"([^"]+)"|([^{WHITE}]+)')
_NUMBER = re.compile(r"[\[(〔［（](\d{4})[\])〕］）]")


@dataclass(frozen=True, slots=True)
class Truth:
    """What every record holds: address → its normalised blocks, each between line ends, which no query holds."""

    texts: Mapping[str, str]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "Truth":
        """Read from records."""
        return cls(
            {
                document.facts.url: "\n".join(
                    normalise(block) for source in document.sources() for block in source.blocks
                )
                for document in documents
            }
        )

    def answer(self, query: str) -> frozenset[str]:
        """The addresses of the records that hold every word of a query, each within one block."""
        words = [word for quoted, plain in _WORD.findall(query) if (word := normalise(quoted or plain))]
        if not words:
            return frozenset()
        return frozenset(url for url, text in self.texts.items() if all(word in text for word in words))


def questions(documents: Sequence[Document], seed: str, count: int) -> list[str]:
    """Questions without repetition: every kind in turn, until there are `count`, or no more can be made."""
    chance = random.Random(seed)  # noqa: S311 -- a sample that can be drawn again, not a secret
    kinds = [
        _parts_of_terms(documents, chance),
        _pieces(documents, chance),
        _numbers(documents, chance),
        _absent(documents, chance),
        _several(documents, chance),
    ]
    found: dict[str, None] = {}
    vain = 0
    while kinds and len(found) < count and vain < VAIN:
        before = len(found)
        for kind in tuple(kinds):
            question = next(kind, None)
            if question is None:
                kinds.remove(kind)
            elif question.strip() and len(found) < count:
                found[question] = None
        vain = 0 if len(found) > before else vain + 1
    return list(found)


def _parts_of_terms(documents: Sequence[Document], chance: random.Random) -> Iterator[str]:
    """Terms and the names that editors gave, with all their substrings of two or more characters."""
    names = {field for document in documents for field in document.fields if len(field) <= 12}
    found = sorted({part for term in (*TERMS, *names) for part in _substrings(term)})
    chance.shuffle(found)
    yield from found


def _substrings(term: str) -> Iterator[str]:
    for start in range(len(term)):
        for end in range(start + 2, len(term) + 1):
            yield term[start:end]


def _pieces(documents: Sequence[Document], chance: random.Random) -> Iterator[str]:
    """Pieces of texts, of one to thirty characters, as they stand there, whatever they begin or end with."""
    read: dict[int, list[str]] = {}
    while documents:
        number = chance.randrange(len(documents))
        if number not in read:
            read[number] = [block for source in documents[number].sources() for block in source.blocks]
        block = chance.choice(read[number])
        length = min(len(block), chance.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30)))
        start = chance.randrange(len(block) - length + 1)
        yield f'"{piece}"' if " " in (piece := block[start : start + length].replace('"', "")) else piece


def _numbers(documents: Sequence[Document], chance: random.Random) -> Iterator[str]:
    """All numbers in three spellings: as written, in other brackets, and as digits with spaces."""
    found = []
    for document in documents:
        for number in filter(None, (document.facts.doc_no, document.facts.index_no)):
            found += [number, _NUMBER.sub(r"[\1]", number), " ".join(re.findall(r"\d+", number))]
    chance.shuffle(found)
    yield from found


def _absent(documents: Sequence[Document], chance: random.Random) -> Iterator[str]:
    """Phrases that should be nowhere: two pieces of different records, put together."""
    pieces = _pieces(documents, chance)
    while documents:
        yield (next(pieces)[:4] + next(pieces)[:4]).replace('"', "")


def _several(documents: Sequence[Document], chance: random.Random) -> Iterator[str]:
    """Two or three words of one record."""
    while documents:
        document = chance.choice(documents)
        blocks = [block for source in document.sources() for block in source.blocks]
        words = []
        for _ in range(chance.choice((2, 2, 3))):
            block = re.sub(r'[\s"]', "", chance.choice(blocks)) or "的"
            length = min(len(block), chance.choice((1, 2, 3, 4)))
            start = chance.randrange(len(block) - length + 1)
            words.append(block[start : start + length])
        yield " ".join(words)
