"""One shard as files: what is read back from them is what the records say, and Pagefind failing is never silent."""

import gzip
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import cbor2
import pytest

from portal.search import edit, terms
from portal.search.blocks import Source
from portal.search.documents import PART, Document, Part, numbers, parts
from portal.search.layout import Layout
from portal.search.normal import normalise
from portal.search.pages import FREQUENT
from search.making import build, document
from search.reading import MAGIC, Index, Tree, fragments, page_names, read_index, shard, whole_words

LONG = tuple(
    f"第{number}条　本办法所称科研项目经费（以下简称“经费”），是指第{number * 7}号文件规定的。" * 3
    for number in range(150)
)


def various() -> list[Document]:
    """Documents of every sort of text."""
    return [
        document("plain", "一、**依法**公开。\n\n| 甲 | 乙丙 |\n|---|---|\n| 1 | 22 |", doc_no="试发〔2026〕6号", index_no="TEST/2026-00061"),
        document("single", "甲\n\n乙\n\n丙", title="丁", organ="戊"),
        document("emoji", "😀\n\n😀👩‍👩‍👧😀\n\n\U00020000\U0002a6df", title="😀😀"),
        document("latin", "The quick-brown fox's don't_stop.\n\nIt's 3.14 & 50% of $1,000 <b>x</b> A/B c++ naïve Straße", title="English only", organ="Ab"),
        document("tibetan", "བོད་ཡིག ئۇيغۇرچە 한국어 ひらがなカタカナ ไทย\n\n甲　乙\u200b丙", title="ཀ"),
        document("attached", "", attachments=(Source(("格一", "A1", "", "乙"), "附表一", "/files/a/a.csv"), Source(LONG, "附件二", "/files/b/b.pdf"))),
        document("long", "长" * (3 * PART)),
        document("many", "\n\n".join(LONG), year=2019, doc_no="试令第7号"),
    ]  # fmt: skip


def _flat(documents: Sequence[Document]) -> list[tuple[Document, Part]]:
    return [(each, part) for each in documents for source in each.sources() for part in parts(source)]


def _places(part: Part) -> list[tuple[int, str]]:
    """Where each block begins: one of n characters takes n - 1 pairs and the gap."""
    found, place = [], 0
    for block in part.normal:
        if len(block) > 1:
            found.append((place, block))
        place += len(block) - 1 + terms.GAP
    return found


def _check(documents: Sequence[Document], tree: Tree) -> Index:
    """That a shard's files say of these documents all that they should, and nothing more."""
    flat = _flat(documents)
    index, names = read_index(tree), page_names(tree["meta"])
    frequent = json.loads(tree["layout.json"])["frequent"]
    assert sorted(names) == list(range(len(flat)))
    numbered: dict[str, set[int]] = {}
    seen: set[str] = set()
    for page, name in enumerate(names):
        owner, part = flat[name]
        begins = name == 0 or flat[name - 1][0] != owner
        assert index.blocks(page) == _places(part)
        assert index.words_of(page) == whole_words(part.normal, frequent, normalise(owner.facts.title) * begins)
    for name, (owner, _) in enumerate(flat):
        if owner.facts.url not in seen:
            seen.add(owner.facts.url)
            for groups in numbers(owner.facts):
                numbered.setdefault("-".join(map(str, groups)), set()).add(names.index(name))
    assert index.numbers == numbered
    assert index.every == set(range(len(flat)))
    assert all(page < len(flat) for pages in (index.pairs, *index.words.values()) for page in pages)
    return index


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, Tree]:
    """The various documents as a shard."""
    target = tmp_path_factory.mktemp("bundle") / "shard"
    layout = build(various(), target)
    return layout, shard(target)


def test_the_index_says_what_the_records_say(built: tuple[Layout, Tree]) -> None:
    """Read back, the pairs of each page are its normalised blocks, at their places; words as a whole, with how
    much it holds them, and numbers stand with the pages that hold them; and there is nothing else."""
    _check(various(), built[1])


def test_every_term_is_in_the_file_of_its_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser knows a term's file by its first two letters: those of the bucket that the file is named by. Pairs with
    places have the first buckets, what is a term as a whole those after them."""
    monkeypatch.setattr(edit, "WORDS_A_FILE", 100)
    layout = build(various(), tmp_path / "shard")
    index = _check(various(), shard(tmp_path / "shard"))
    spelling = terms.Spelling(layout.placed, layout.whole)
    assert layout.placed > 20
    assert layout.whole > 10
    assert all(term[:2] == terms.bucket_letters(bucket) for term, bucket in index.terms.items())
    assert set(index.terms.values()) == set(layout.used) <= set(range(layout.placed + layout.whole))
    assert list(layout.used) == sorted(layout.used)
    pairs = {pair for page in index.pairs.values() for pair in page.values()}
    numbered = {tuple(map(int, number.split("-"))) for number in index.numbers}
    placed = {spelling.pair(pair) for pair in pairs}
    whole = {*map(spelling.word, index.words), *map(spelling.number, numbered), spelling.every()}
    assert set(index.terms) == placed | whole
    assert all(index.terms[term] < layout.placed for term in placed)
    assert all(index.terms[term] >= layout.placed for term in whole)


def test_frequent_pairs_are_those_of_classes_that_stand_often(built: tuple[Layout, Tree]) -> None:
    """A class of pairs has its bit when they stand FREQUENT times in the shard; words of them are terms as a whole."""
    layout, tree = built
    counted: dict[int, int] = {}
    for _, part in _flat(various()):
        for block in part.normal:
            for one, other in pairwise(block):
                number = terms.spread(one + other, terms.CLASSES)
                counted[number] = counted.get(number, 0) + 1
    bits = int.from_bytes(bytes.fromhex(layout.frequent), "little")
    assert len(layout.frequent) == terms.CLASSES // 4
    found = {number for number in range(terms.CLASSES) if bits >> number & 1}
    assert found == {number for number, times in counted.items() if times >= FREQUENT}
    assert {"科研项", "科研项目"} <= set(read_index(tree).words)
    assert "依法公" not in read_index(tree).words


def test_words_say_how_much_a_page_holds_them(tmp_path: Path) -> None:
    """A word as a whole has no places: it says whether the title has it, or else whether it stands there once or twice,
    three times, or eight. On later pages of a record the title does not count."""
    rest = Source(("甲乙",), "附件", "/files/a")
    documents = [
        document("a", "丁戊\n\n" + "丙，" * 9 + "己，己，己；庚，庚", title="甲乙", organ="甲", attachments=(rest,))
    ]
    build(documents, tmp_path / "shard")
    words = read_index(shard(tmp_path / "shard")).words
    names = page_names((tmp_path / "shard/meta").read_bytes())
    first, second = names.index(0), names.index(1)
    assert words["甲乙"] == words["甲"] == words["乙"] == {first: [0], second: [1]}
    assert [words[word] for word in ("丁戊", "戊", "庚", "己", "丙", "丙,")] == [
        {first: [n]} for n in (1, 1, 1, 2, 3, 3)
    ]


def test_the_table_names_pages_and_files_by_number(built: tuple[Layout, Tree]) -> None:
    """Pagefind's table has every page and every file of the index by number, and terms' first letters to find them by."""
    layout, tree = built
    version, pages, index, *rest = cbor2.loads(tree["meta"])
    assert version == "1.5.2"
    assert [words for _, words in pages] == [1] * layout.pages
    assert rest == [[], [], []]
    assert [name for _, _, name in index] == [str(number) for number in layout.used]
    for first, last, name in index:
        letters = terms.bucket_letters(int(name))
        assert first == letters
        assert all(first <= letters + rest <= last for rest in ("", "丙丁", "\ua48b", "鿿"))
    assert [first for first, _, _ in index] == sorted(first for first, _, _ in index)


def test_a_shard_is_these_files_and_no_others(built: tuple[Layout, Tree]) -> None:
    """Index and fragments by number, Pagefind's table, the layout, what an edit of it needs to know, and what each is."""
    layout, tree = built
    expected = {f"index/{number}.pf_index" for number in layout.used}
    expected |= {f"fragment/{number}.pf_fragment" for number in range(layout.pages)}
    assert set(tree) == expected | {"meta", "layout.json", "contents", "sums"}


def test_fragments_hold_published_text_and_facts(built: tuple[Layout, Tree]) -> None:
    """A fragment has its record's address, the part's blocks as published, a line each, and every fact that is not
    empty; the first of a record says how many of its blocks are fields; one of an attachment names the file and its title. It is compressed in Pagefind's form."""
    found = fragments(built[1])
    flat = _flat(various())
    assert sorted(found) == list(range(len(flat)))
    for number, (owner, part) in enumerate(flat):
        facts = owner.facts
        meta = {"title": facts.title, "kind": facts.kind, "date": facts.date, "organ": facts.organ, "doc_no": facts.doc_no,
                "index_no": facts.index_no, "attachment": part.title, "file": part.url}  # fmt: skip
        if number == 0 or flat[number - 1][0] != owner:
            meta["fields"] = str(len(owner.fields))
        assert found[number]["url"] == facts.url
        assert found[number]["content"].split("\n") == list(part.blocks)
        assert found[number]["meta"] == {name: value for name, value in meta.items() if value}
        assert found[number]["filters"] == {}
        assert found[number]["anchors"] == []
    assert gzip.decompress(built[1]["fragment/0.pf_fragment"]).startswith(MAGIC)


def test_the_layout_counts_parts_and_titles(built: tuple[Layout, Tree], tmp_path: Path) -> None:
    """For each record the parts of each of its texts, and the length of its title as it is compared."""
    layout, tree = built
    documents = various()
    assert layout.parts == tuple(tuple(len(list(parts(source))) for source in each.sources()) for each in documents)
    assert layout.parts[5][0] == layout.parts[5][1] == 1 < layout.parts[5][2]
    assert layout.titles == tuple(len(normalise(each.facts.title)) for each in documents)
    assert layout.pages == sum(map(sum, layout.parts)) == len(_flat(documents))
    (tmp_path / "layout.json").write_bytes(tree["layout.json"])
    assert Layout.from_json((tmp_path / "layout.json").read_bytes()) == layout


def test_the_title_stands_at_the_beginning(built: tuple[Layout, Tree]) -> None:
    """On a record's first page the title is the first block, at place 0: by that the browser tells a find in a title."""
    index, names = read_index(built[1]), page_names(built[1]["meta"])
    first = 0
    for each, counts in zip(various(), built[0].parts, strict=True):
        title = normalise(each.facts.title)
        if len(title) > 1:
            assert index.blocks(names.index(first))[0] == (0, title)
        first += sum(counts)


@pytest.mark.parametrize("number", range(1, 8))
def test_one_sort_of_text_alone_is_indexed(tmp_path: Path, number: int) -> None:
    """A shard of single characters, of emoji, of Latin, of other scripts, of one long block: each by itself is whole."""
    documents = [various()[number]]
    build(documents, tmp_path / "shard")
    _check(documents, shard(tmp_path / "shard"))


def test_a_sample_of_all_characters_comes_through(tmp_path: Path) -> None:
    """Pagefind neither splits, folds nor drops a term, whatever characters it stands for; a place beyond 65,535 is kept."""
    assigned = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}]
    sample = assigned[:6000:2] + assigned[6000::97]
    blocks = tuple("".join(sample[at : at + 50]) for at in range(0, len(sample), 50))
    documents = [document("all", attachments=(Source(blocks), Source(("字" * 66_000 + "末尾",))))]
    build(documents, tmp_path / "shard")
    index = _check(documents, shard(tmp_path / "shard"))
    assert max(place for page in index.pairs.values() for place in page) == 66_000


def test_a_shard_of_one_short_record(tmp_path: Path) -> None:
    """The least that there can be, a title of one character, is a whole shard: it has no pair."""
    least = document("a", title="甲", organ="")
    made = build([least], tmp_path / "shard")
    assert (made.placed, made.whole, made.used, made.parts, made.titles) == (1, 1, (1,), ((1,),), (1,))
    _check([least], shard(tmp_path / "shard"))


def test_two_records_with_one_number_are_both_named(tmp_path: Path) -> None:
    """A number in use twice leads to both, each by its first page alone."""
    texts = (Source(("附件",), "附", "/files/a"),)
    documents = [document(name, doc_no=number, attachments=texts) for name, number in (("a", "甲〔2026〕1号"), ("b", "乙[2026]01号"))]  # fmt: skip
    layout = build(documents, tmp_path / "shard")
    index = _check(documents, shard(tmp_path / "shard"))
    assert layout.parts == ((1, 1), (1, 1))
    names = page_names((tmp_path / "shard/meta").read_bytes())
    assert {names[page] for page in index.numbers["2026-1"]} == {0, 2}


def test_builds_are_the_same_to_the_last_byte(built: tuple[Layout, Tree], tmp_path: Path) -> None:
    """Another folder, another process, hash seed, language, time zone: the same documents give the same files."""
    build(various(), tmp_path / "another folder" / "碎片")
    assert shard(tmp_path / "another folder" / "碎片") == built[1]
    code = (
        "import sys; from pathlib import Path; from search.test_bundle import various\n"
        "from search.making import build; build(various(), Path(sys.argv[1]))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)}  # fmt: skip
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "third")], check=True, env=environment, cwd=tmp_path)
    assert shard(tmp_path / "third") == built[1]
