"""The search worker of the browser over several shards, run by Node: exact whatever the text, and never too few results."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from portal.markup.prose import EMPTY
from portal.search import edit, pages
from portal.search.blocks import Source
from portal.search.documents import Document, Facts
from portal.search.layout import Layout
from portal.search.pagefind import copy_runtime
from portal.search.recall import Truth
from search.making import build
from search.worker import in_worker, publish

Built = tuple[Sequence[Document], Path, Layout]

SHARDS = 4
QUESTIONS = 300

ALPHABET = [
    *"甲乙丙丁aaaa1122()[]《》。，“”'<>&\\*?$^-_\"😀𠀀𪛟éßİı臺后後乾〇ཀ한",
    "e\u0301", "ﬁ", "①", "\u200b", "\ufeff", "\u3000", " ", "☎\ufe0f", "\u0345", "ᾳ", "ㅎ", "\u1112\u1161\u11ab", "\ue000", "\U000f0000",
]  # fmt: skip
PHRASES = ("政府信息公开", "aaaaaaaaaaa", "人民政府", "臺灣後", "2015〕12号", "𠀀𠀀𠀀", "。。。")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a browser needs of Pagefind itself, where Node can import it."""
    folder = tmp_path_factory.mktemp("runtime") / "pagefind"
    copy_runtime(folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder


def _document(name: str, blocks: Sequence[str], *attached: Sequence[str], title: str = "", doc_no: str = "", year: int = 2020) -> Document:  # fmt: skip
    """A document with exactly these blocks: they are fields, which nobody reads as Markdown."""
    date = f"{year}-03-05T09:30+08:00"
    facts = Facts(f"/news/{name}/", title or f"标题{name}", "新闻发布", date, "试验厅", doc_no, "")
    fields = tuple(filter(None, (facts.title, doc_no, "试验厅", *blocks)))
    return Document(facts, year, fields, EMPTY, tuple(Source(tuple(each), "附件", "/files/a") for each in attached))


def _build(folder: Path, *shards: Sequence[Document], first: int = 0) -> list[Built]:
    """Shards in folders that are named by their fingerprints, which begin at a number."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / f"{first + number:016x}" for number in range(len(shards))]
    return [(documents, target, build(documents, target)) for documents, target in zip(shards, targets, strict=True)]


# ── exactness ──────────────────────────────────────────────────────────────


def _text(chance: random.Random, length: int) -> str:
    found = ""
    while len(found) < length:
        found += chance.choice(PHRASES if chance.random() < 0.4 else ALPHABET)
    return found


def _blocks(chance: random.Random) -> list[str]:
    return [_text(chance, chance.choice((1, 1, 2, 3, 4, 5, 8, 20, 60))) for _ in range(chance.randint(1, 12))]


def _documents(chance: random.Random, shard: int) -> list[Document]:
    found = []
    for number in range(chance.randint(4, 9)):
        attached = [_blocks(chance) for _ in range(chance.choice((0, 0, 1, 2)))]
        blocks = _blocks(chance)
        if not number:
            blocks.append(_text(chance, (3990, 4005, 9000)[shard % 3]))
        doc_no = chance.choice(("", "甲〔2015〕12号"))
        found.append(_document(f"{shard}-{number}", blocks, *attached, doc_no=doc_no))
    return found


def _queries(chance: random.Random, documents: Sequence[Document]) -> list[str]:
    """Pieces of blocks, some put together over the border of two, some as two words, some in quotes; and runs of one
    character."""
    blocks = [block for document in documents for source in document.sources() for block in source.blocks]
    found = [*("a" * n for n in (1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 50)), *("𠀀" * n for n in range(1, 7))]
    found += ['""', '"""', 'a"b', '"a', 'a" "b', "甲乙 丙 丁 a 1", "\\", ".*", "示例厅", "[2015]12"]
    while len(found) < QUESTIONS:
        block = chance.choice(blocks)
        length = min(len(block), chance.choice((1, 2, 3, 3, 4, 4, 5, 6, 7, 9, 12, 30, 200)))
        start = chance.randrange(len(block) - length + 1)
        query = block[start : start + length]
        if chance.random() < 0.3:
            query += chance.choice(("", " ")) + chance.choice(blocks)[: chance.choice((1, 2, 3, 4))]
        if chance.random() < 0.2:
            query = '"' + query.replace('"', "") + '"'
        if query.replace("\ufeff", "").strip():  # a page that asks for nothing lists everything
            found.append(query)
    return found


ASK_ALL = """
await ask("open");
net.log.length = 0;
const found = [];
for (const query of given.given) {
  const { total } = await ask("search", { query });
  found.push([await ask("results"), (await ask("cards", { from: 0, count: 3 })).map((card) => card.url), total]);
}
return [found, net.log];
"""


def test_every_answer_is_that_of_plain_search(runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over odd text in several shards, with pairs that are frequent and that are not, in one file and in many, every query
    finds exactly the records of which a block holds it, each once, and the cards are theirs. One shard is as full as one
    can be: its terms are in MAX_FILES files of each kind, and no more. And all is found at the first go: no file is asked
    for twice, and the manifest not again, as after a failure."""
    chance = random.Random("the fixed sample of the suite")
    shards = [_documents(chance, shard) for shard in range(SHARDS)]
    monkeypatch.setattr(edit, "MAX_FILES", 2048)
    built: list[Built] = []
    for number, (documents, frequent, size) in enumerate(
        zip(shards, (300, 12, 12, 3), (1000, 40, 40, 150), strict=True)
    ):
        monkeypatch.setattr(pages, "FREQUENT", frequent)
        monkeypatch.setattr(edit, "PLACES_A_FILE", size)
        monkeypatch.setattr(edit, "WORDS_A_FILE", size)
        monkeypatch.setattr(edit, "MAX_FILES", 6 if number == 2 else 2048)
        built += _build(tmp_path / "shards", documents, first=number)
    assert (built[2][2].placed, built[2][2].whole) == (6, 6)
    publish(built, tmp_path / "site", runtime)
    documents = [each for shard in shards for each in shard]
    queries = _queries(chance, documents)
    answers, log = in_worker(ASK_ALL, tmp_path / "site", runtime, queries)
    truth = Truth.of(documents)
    wrong = []
    answered = 0
    for query, (rows, cards, total) in zip(queries, answers, strict=True):
        wanted = truth.answer(query)
        found = [shards[shard][row].facts.url for shard, row in rows]
        answered += bool(wanted)
        if sorted(found) != sorted(wanted) or cards != found[:3] or total != len(found):
            wrong.append((query[:60], len(wanted), wanted - set(found), set(found) - wanted))
    assert wrong == []
    assert QUESTIONS // 2 < answered < QUESTIONS
    assert len(log) == len(set(log))
    assert "/search/index.json" not in log


# ── failures ───────────────────────────────────────────────────────────────

SENTENCE = "县级以上人民政府信息公开工作主管部门"

RACE = """
const { query, other } = given.given;
const of = (shard) => (path) => path.includes(`/${String(shard).padStart(16, "0")}/index/`);
const others = () => net.log.filter((path) => of(0)(path) || of(2)(path)).length;
await ask("open");
await ask("search", { query: other }); // the engine runs now
net.log.length = 0;
await ask("search", { query });
const all = others();
await ask("open"); // from the beginning
net.log.length = 0;
net.held = of(1);
const found = ask("search", { query }).then(({ total }) => total, () => "failed");
await until(() => net.waiting.length && others() === all && net.open === net.waiting.length);
net.held = () => false;
net.fails = of(0);
const seen = net.log.length;
const suggested = ask("suggest", { query: "仟仠仡" });
await until(() => net.log.indexOf("/search/index.json", seen) >= 0);
net.fails = () => false;
await suggested;
net.fails = of(1); // of the rounds that follow
const before = net.log.length;
net.release();
const total = await found;
const failed = net.log.slice(before).some(of(1));
net.fails = () => false;
return { total, failed, again: (await ask("search", { query })).total };
"""


def test_a_file_that_fails_after_the_index_was_read_again_is_not_passed_over(runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A search fetches its files in several rounds. Where a suggestion fails meanwhile and the index is read again, and
    then a file of the next round fails, the search fails or finds all: never too little; and asked again, it finds all."""
    monkeypatch.setattr(edit, "PLACES_A_FILE", 15)
    monkeypatch.setattr(edit, "WORDS_A_FILE", 30)
    monkeypatch.setattr(pages, "FREQUENT", 1000)
    chance = random.Random(5)
    hanzi = [chr(0x4E00 + number) for number in range(400)]
    shards = [
        [_document(f"{shard}-{number}", [SENTENCE, "".join(chance.choices(hanzi, k=60))]) for number in range(5)]
        for shard in range(3)
    ]
    publish(_build(tmp_path / "shards", *shards), tmp_path / "site", runtime)
    answer = in_worker(RACE, tmp_path / "site", runtime, {"query": SENTENCE, "other": "不存在"})
    assert answer["failed"]
    assert answer["total"] in ("failed", 15)
    assert answer["again"] == 15


REPUBLISHED = """
const { query, next } = given.given;
const answer = async () => {
  const { total } = await ask("search", { query });
  const { related } = await ask("near");
  return [total, (await ask("cards", {})).map((card) => card.url), related];
};
await ask("open");
const found = [await answer()];
net.root = next;
net.log.length = 0;
await ask("suggest", { query: "一段正文" }); // its files are gone: the new index is read
if (!net.log.includes("/search/index.json")) throw new Error("the index was not read again");
found.push(await answer());
return found;
"""


def test_a_query_is_asked_anew_of_another_index(runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """After the index was read again, the same query is asked anew: what it found before, and which rows its number named
    then, is nothing to the new one, in which other records have their places."""
    monkeypatch.setattr(edit, "PLACES_A_FILE", 2)
    texts = ["一段正文。"]
    named = _document("named", texts, doc_no="甲〔2015〕12号")
    others = [_document(name, texts) for name in ("a", "b")]
    new = [_document(name, texts, year=2026) for name in ("c", "d")]
    for number, (name, shards) in enumerate((("old", [[others[0], named], [others[1]]]), ("new", [new, [others[0], named], [others[1]]]))):  # fmt: skip
        publish(_build(tmp_path / "shards", *shards, first=number * 16), tmp_path / name, runtime)
    given = {"query": "甲〔2015〕12号", "next": str(tmp_path / "new")}
    before, after = in_worker(REPUBLISHED, tmp_path / "old", runtime, given)
    assert before == after == [1, ["/news/named/"], 0]


LATE = """
const { query } = given.given;
await ask("open");
await ask("search", { query });
net.held = (path) => path.includes("/index/");
const late = ask("near").catch(() => "given up");
await until(() => net.waiting.length);
net.held = () => false;
await ask("search", { query: "" });
net.release();
await late;
const shown = (await ask("cards", { related: true })).length;
await ask("search", { query });
return { shown, own: (await ask("near")).related };
"""


def test_near_matches_of_an_earlier_search_are_not_those_of_a_later(runtime: Path, tmp_path: Path) -> None:
    """What is near to one search and is found after the next was asked does not stand beside that."""
    shards = [[_document(f"{number}", ["科研项目经费管理办法"])] for number in range(2)]
    publish(_build(tmp_path / "shards", *shards), tmp_path / "site", runtime)
    answer = in_worker(LATE, tmp_path / "site", runtime, {"query": "科研项目经费管理规则"})
    assert answer == {"shown": 0, "own": 2}


# ── what a result shows ────────────────────────────────────────────────────

CARDS = """
await ask("open");
await ask("search", { query: given.given });
return ask("cards", {});
"""

Parts = list[tuple[str, bool]]


def _marked(parts: Parts) -> list[str]:
    return [text for text, marked in parts if marked]


def test_a_text_in_traditional_characters_is_marked(runtime: Path, tmp_path: Path) -> None:
    """A record in Traditional characters that is asked for in Simplified ones, as the first thing of all, has what was
    searched for marked in its title and in its text."""
    made = _document("a", ["為了規範科研經費的管理，根據國家有關規定，制定本辦法。"], title="省級科研經費管理辦法")
    publish(_build(tmp_path / "shards", [made], [_document("b", ["别的。"])]), tmp_path / "site", runtime)
    (card,) = in_worker(CARDS, tmp_path / "site", runtime, "科研经费")
    assert _marked(card["title"]) == ["科研經費"]
    assert [_marked(parts) for parts in card["excerpts"]] == [["科研經費"]]


def test_an_excerpt_has_no_half_characters(runtime: Path, tmp_path: Path) -> None:
    """An excerpt that is cut from a text of characters beyond U+FFFF begins and ends with whole ones, wherever it is cut."""
    made = [
        _document(f"{before}-{after}", ["𠀀" * 60 + "甲" * before + "目标词语" + "乙" * after + "𠀀" * 90])
        for before in (0, 1)
        for after in (0, 1)
    ]
    publish(_build(tmp_path / "shards", made), tmp_path / "site", runtime)
    cards = in_worker(CARDS, tmp_path / "site", runtime, "目标词语")
    assert len(cards) == 4
    for card in cards:
        (parts,) = card["excerpts"]
        assert _marked(parts) == ["目标词语"]
        assert parts[0] == parts[-1] == ["……", False]
        for text, _ in parts:
            assert not any("\ud800" <= character <= "\udfff" for character in text), card["url"]
