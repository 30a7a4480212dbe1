"""Documents: texts in parts, numbers, and a digest of everything that an index depends on."""

import dataclasses
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_model import making
from tiny import NOW

from portal.attachments import amount
from portal.attachments.files import File
from portal.markup.prose import Prose
from portal.records.types import DisclosureEntry
from portal.search.blocks import Source
from portal.search.documents import PART, Document, Facts, groups_of_digits, numbers, parts, weigh
from portal.search.documents import document as of_item
from portal.search.normal import normalise
from portal.site.resolve import resolve
from search.items import file, item
from search.making import document

BLOCKS = st.lists(
    st.tuples(st.sampled_from("甲乙aA ½㎡發\u200b😀"), st.integers(0, 2500)).map(lambda each: each[0] * each[1])
    | st.text(max_size=30).map(lambda text: text.encode("utf-8", "ignore").decode()),
    max_size=12,
)


@settings(deadline=None)
@given(BLOCKS)
def test_a_text_is_cut_between_blocks_alone(blocks: list[str]) -> None:
    """The parts hold every block that can be seen, whole, in order, with its normal form; no part is empty."""
    found = list(parts(Source(tuple(blocks), "附件", "/files/a")))
    seen = [block for block in blocks if normalise(block)]
    assert [block for part in found for block in part.normal] == [normalise(block) for block in seen]
    published = [block for part in found for block in part.blocks]
    assert ["".join(block.split()) for block in published] == ["".join(block.split()) for block in seen]
    assert all(len(part.blocks) == len(part.normal) > 0 for part in found)
    assert all((part.title, part.url) == ("附件", "/files/a") for part in found)


@settings(deadline=None)
@given(BLOCKS)
def test_a_part_is_as_large_as_it_may_be_and_no_larger(blocks: list[str]) -> None:
    """No part holds more than PART characters, but for one block that is longer by itself; the next block would not
    have fitted in."""
    found = list(parts(Source(tuple(blocks))))
    sizes = [sum(map(len, part.normal)) for part in found]
    for number, part in enumerate(found):
        assert sizes[number] <= PART or len(part.normal) == 1
        if number:
            assert sizes[number - 1] + len(part.normal[0]) > PART


@settings(deadline=None)
@given(BLOCKS)
def test_a_published_block_is_one_line(blocks: list[str]) -> None:
    """Excerpts are split at line ends: none is in a block, and what stood on two lines is still told apart."""
    for part in parts(Source(tuple(blocks))):
        assert all("\n" not in block and block == block.strip() for block in part.blocks)
    (part,) = parts(Source(("甲\n乙", "丙 \n\n 丁\n")))
    assert part.blocks == ("甲 乙", "丙 丁")
    assert part.normal == ("甲乙", "丙丁")


def test_a_text_without_words_has_no_part() -> None:
    """Blocks that hold white space or nothing are left out."""
    assert list(parts(Source(()))) == []
    assert list(parts(Source(("", " ", "\u3000\u200b", "\n")))) == []


def _facts(**facts: str) -> Facts:
    return document("a", **facts).facts


@pytest.mark.parametrize(
    ("doc_no", "index_no", "found"),
    [
        ("试发〔2026〕1号", "TEST/2026-00012", ((2026, 1), (2026, 12))),
        ("试发[2026]第０１号", "", ((2026, 1),)),
        ("", "11000000MB00000001/2026-00001", ((11000000, 1, 2026, 1),)),
        ("试令第12号", "", ((12,),)),
        ("无号", "", ()),
        ("", "", ()),
        ("试发〔2026〕①号", "", ((2026, 1),)),
    ],
)
def test_the_numbers_of_a_document(doc_no: str, index_no: str, found: tuple[tuple[int, ...], ...]) -> None:
    """文号 and 索引号 are known by their groups of digits, whatever brackets, width and zeros they are written with."""
    assert numbers(_facts(doc_no=doc_no, index_no=index_no)) == found


def test_groups_of_digits() -> None:
    """Zeros at the beginning do not count, nor do numbers in other scripts; nineteen digits are no number."""
    assert groups_of_digits("00-007a12") == (0, 7, 12)
    assert groups_of_digits("1" * 18) == (int("1" * 18),)
    assert groups_of_digits("1" * 19) == ()
    assert groups_of_digits("٣一二") == ()


def _whole() -> Document:
    sources = (Source(("格一", "格二"), "表", "/files/a"), Source(("格三",), "表二", "/files/b"))
    return document("a", "正文", attachments=sources, doc_no="试发〔2026〕1号", index_no="TEST/2026-00001")


def _changed(value: Any) -> Iterator[Any]:
    """The value with each thing in it changed, one at a time."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            for other in _changed(getattr(value, each.name)):
                yield dataclasses.replace(value, **{each.name: other})
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            for other in _changed(getattr(value, name)):
                yield msgspec.structs.replace(value, **{name: other})
    elif isinstance(value, tuple):
        yield value[:-1]
        yield value[::-1]
        yield (*value, value[0])
        for number, each in enumerate(value):
            for other in _changed(each):
                yield (*value[:number], other, *value[number + 1 :])
    elif isinstance(value, Prose):
        yield Prose.of(f"{value.markdown}改")
    else:
        yield f"{value}改" if isinstance(value, str) else value + 1


def test_the_digest_changes_with_everything() -> None:
    """A changed character, an added, removed or moved piece in any field gives another digest, each its own."""
    whole = _whole()
    changed = [each for each in _changed(whole) if each != whole]
    assert len(changed) > 30
    digests = {each.digest() for each in (whole, *changed)}
    assert len(digests) == len(set(changed)) + 1
    # What moves from one field into the next is a change, too.
    one, other = (dataclasses.replace(whole, fields=fields) for fields in (("甲乙", "丙"), ("甲", "乙丙")))
    assert one.digest() != other.digest()


def test_the_digest_changes_with_nothing_else() -> None:
    """Equal documents, made anew, have one digest, in another process with another hash seed, too."""
    assert _whole().digest() == _whole().digest()
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).digest(), end='')"
    environment = os.environ | {"PYTHONHASHSEED": "99"}
    given = pickle.dumps(_whole())
    done = subprocess.run([sys.executable, "-c", code], env=environment, input=given, capture_output=True, check=True)
    assert done.stdout.decode() == _whole().digest()


def test_a_document_says_what_its_record_says() -> None:
    """Facts, year, fields, body and attachments' words come from the item; a kind without numbers has none."""
    file = File("表.csv", 9, "a" * 64, "csv")
    record = making.entry(
        "a", 7, doc_no="试发〔2025〕1号", formed="2025-12-30", body="一、*甲*", attachments=({"file": "表.csv", "title": "附表"},)
    )  # fmt: skip
    site = resolve([record, making.news("n")], making.vocabulary(), {"表.csv": file}, NOW).site
    made = of_item(site.items[record.key], {"a" * 64: ("格",)})
    assert made.facts == Facts(
        "/entries/a/", "文件a", "公开目录", "2026-01-05T09:00+08:00", "试验厅", "试发〔2025〕1号", "TEST/2026-00007"
    )
    assert made.year == 2025
    assert made.fields == ("文件a", "试发〔2025〕1号", "TEST/2026-00007", "试验厅", "概述", "附表")
    assert list(made.sources()) == [Source((*made.fields, "一、甲")), Source(("格",), "附表", file.url)]
    assert of_item(site.items[record.key], {}).attachments == ()
    news = of_item(site.items["news", "n"], {})
    assert (news.facts.doc_no, news.facts.index_no, news.facts.kind) == ("", "", "新闻发布")


def test_weight() -> None:
    """A document weighs the characters of all its texts."""
    made = document("a", "正文", attachments=(Source(("甲乙", "丙")),), title="Ⅳ 类　标题")
    assert made.weight == len("Ⅳ 类　标题试验厅正文甲乙丙")
    assert weigh([made, made]) == 2 * made.weight


def test_the_texts_of_a_record() -> None:
    """Its own text is the fields and then the body; each attachment with words follows, with its title and address."""
    attached = (
        {"file": "a.csv", "title": "表一"},
        {"file": "b.png", "title": "图"},
        {"file": "c.csv", "title": "表二"},
    )
    files = {name: file(name, digit) for name, digit in (("a.csv", "a"), ("b.png", "b"), ("c.csv", "c"))}
    attaching = item(making.news("n", body="一、*甲*。\n\n乙", attachments=attached), files=files)
    texts = {"a" * 64: ("格一", "格二"), "c" * 64: ("格三",), "d" * 64: ("别的",)}
    assert list(of_item(attaching, texts).sources()) == [
        Source(("新闻n", "试验厅", "表一", "图", "表二", "一、甲。", "乙")),
        Source(("格一", "格二"), "表一", f"/files/{'a' * 12}/a.csv"),
        Source(("格三",), "表二", f"/files/{'c' * 12}/c.csv"),
    ]


@pytest.mark.parametrize("access", ["不予公开", "依申请公开"])
def test_of_a_closed_entry_neither_body_nor_attachment_is_there(access: str) -> None:
    """A text that got into an entry that is not open is in no block, and neither are its attachment's words and title."""
    record = making.entry(
        "closed", 1, access=access, access_basis="条例第十四条", body="秘密正文", attachments=({"file": "a.csv", "title": "秘密附件"},)
    )  # fmt: skip
    assert isinstance(record, DisclosureEntry)
    attaching = item(record, files={"a.csv": file("a.csv", "a")})
    (own,) = of_item(attaching, {"a" * 64: ("秘密格",)}).sources()
    assert own.blocks == ("文件closed", "TEST/2026-00001", "试验厅", "概述")


def test_of_too_many_words_in_attachments_the_first_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record holds of its attachments what is within the limit, and its own text always."""
    monkeypatch.setattr(amount, "MAX_OF_RECORD", 5)
    files = {name: file(name, digit) for name, digit in (("a.csv", "a"), ("b.csv", "b"))}
    attached = ({"file": "a.csv", "title": "表一"}, {"file": "b.csv", "title": "表二"})
    heavy = item(making.news("n", body="一" * 100, attachments=attached), files=files)
    own, first, second = of_item(heavy, {"a" * 64: ("甲乙", "丙"), "b" * 64: ("丁戊", "己")}).sources()
    assert own.blocks[-1] == "一" * 100
    assert (first.blocks, second.blocks) == (("甲乙", "丙"), ("丁戊",))
