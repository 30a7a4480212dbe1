"""An edited shard: made of the one before and of the edited record alone, and the same to the byte as one made of all."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from portal.markup.prose import Prose
from portal.search import bundle, documents, edit, pages, store
from portal.search import shards as dividing
from portal.search.blocks import Source
from portal.search.documents import Document
from portal.search.shards import Shard, shards
from portal.search.store import Store
from search.making import document
from search.reading import files

WORDS = (
    "政府信息公开",
    "人民政府",
    "aaaa",
    "甲",
    "示例〔2026〕1号",
    "督查。",
    "𠀀𠀀",
    "臺灣",
    "\u3000",
    "行政处罚",
    "乙丙丁",
    "\n\n",
    "é",
)


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    """Files of a few places, pairs that are frequent when they stand there forty times, and an edit is one of a third."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edit, "PLACES_A_FILE", 30)
        patch.setattr(edit, "WORDS_A_FILE", 60)
        patch.setattr(pages, "FREQUENT", 40)
        patch.setattr(bundle, "FEW", 3)
        yield


def _text(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(WORDS) for _ in range(length))


def _documents(chance: random.Random, number: int = 12) -> list[Document]:
    return [
        document(
            f"n{each}",
            _text(chance, chance.choice((0, 5, 40))),
            doc_no=chance.choice(("", "示发〔2026〕1号", "示发〔2026〕2号")),
            attachments=chance.choice(((), (Source((_text(chance, 9),), "附件", "/files/a"),))),
        )
        for each in range(number)
    ]


def _in(kept: Store, made: list[Document], version: str = "v") -> Shard:
    """The one shard of these documents, made in a store."""
    (shard,) = shards(made, version)
    kept.shards([shard])
    return shard


@pytest.fixture
def wholes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by the number of documents whenever a shard is made as a whole."""
    found: list[int] = []
    real = bundle._whole

    def whole(job: bundle.Job, *rest: object) -> object:
        found.append(len(job.documents))
        return real(job, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bundle, "_whole", whole)
    return found


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bodies that are made into blocks."""
    found: list[str] = []
    real = documents.body_blocks
    monkeypatch.setattr(documents, "body_blocks", lambda body: found.append(body.markdown) or real(body))
    return found


def _edited(chance: random.Random, made: list[Document]) -> None:
    """Change something, as an editor does."""
    number = chance.randrange(len(made))
    old = made[number]
    text = old.body.markdown
    at = chance.randrange(len(text) + 1)
    match chance.choice(("words", "words", "shorter", "title", "number", "attachment", "new", "gone", "two")):
        case "words":
            made[number] = replace(old, body=Prose.of(text[:at] + _text(chance, 2) + text[at:]))
        case "shorter":
            made[number] = replace(old, body=Prose.of(text[:at] + text[at + 9 :]))
        case "title":
            title = _text(chance, 3) + "题"
            facts = msgspec.structs.replace(old.facts, title=title)
            made[number] = replace(old, facts=facts, fields=(title, *old.fields[1:]))
        case "number":
            facts = msgspec.structs.replace(old.facts, doc_no=chance.choice(("", "示发〔2026〕1号", "示发〔2026〕3号")))
            made[number] = replace(old, facts=facts)
        case "attachment":
            source = Source((_text(chance, 5), _text(chance, 5)), "附件二", "/files/b")
            made[number] = replace(old, attachments=(source,) if old.attachments else ())
        case "new":
            made.append(document(f"new{chance.random()}", _text(chance, 20)))
        case "gone":
            del made[number]
        case "two":
            for each in (number, number - 1):
                made[each] = replace(made[each], body=Prose.of(made[each].body.markdown + "本次修改。"))


def test_edits_give_what_a_clean_build_gives(tmp_path: Path, wholes: list[int]) -> None:
    """After each of many edits of every kind, one after another, the kept shard is the same as one that is made of nothing,
    byte for byte; many of them are made without making the whole anew."""
    chance = random.Random("edits")
    made = _documents(chance)
    kept, clean = Store(tmp_path / "kept"), Store(tmp_path / "clean")
    _in(kept, made)
    edits = 0
    for _ in range(60):
        _edited(chance, made)
        before = len(wholes)
        shard = _in(kept, made)
        edits += len(wholes) == before
        _in(clean, made)
        assert files(kept.path(shard)) == files(clean.path(shard))
        store._remove(clean.path(shard))
    assert 15 < edits < 55


def test_a_changed_record_is_all_that_is_parsed(tmp_path: Path, parsed: list[str]) -> None:
    """Of an edited record the Markdown is parsed, and of one that is new; that of all others is not even read."""
    kept = Store(tmp_path / "kept")
    made = _documents(random.Random("parsed"))
    _in(kept, made)
    del parsed[:]
    made[3] = replace(made[3], body=Prose.of("改过的文。"))
    _in(kept, made)
    assert set(parsed) == {"改过的文。"}
    made.append(document("new", "新的文。"))
    _in(kept, made)
    assert set(parsed) == {"改过的文。", "新的文。"}


def test_what_does_not_change_is_the_same_file(tmp_path: Path, wholes: list[int]) -> None:
    """An edit makes its record's fragments, and those files of the index in which it changes something; all others are
    links."""
    kept = Store(tmp_path / "kept")
    made = [document(f"n{each}", "甲乙丙丁戊。" * 30 + chr(0x4E00 + each) * 9) for each in range(9)]
    first = kept.files(_in(kept, made))
    made[4] = replace(made[4], body=Prose.of(made[4].body.markdown + "己。"))
    second = kept.files(_in(kept, made))
    assert wholes == [9]
    new = {path for path, data in files(second).items() if files(first).get(path) != data}
    assert len([path for path in new if path.startswith("fragment/")]) == 1
    assert 0 < len(new) < len(files(second)) / 2
    for path in files(second).keys() - new:
        assert (second / path).samefile(first / path)
    assert not any((second / path).samefile(first / path) for path in new if (first / path).exists())


def test_where_no_links_are_made_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wholes: list[int]) -> None:  # fmt: skip
    """A file system without hard links, or one with too many of a file: the same files."""

    def refuse(*_: object) -> None:
        raise OSError(31, "Too many links")

    monkeypatch.setattr(bundle.os, "link", refuse)
    kept, clean = Store(tmp_path / "kept"), Store(tmp_path / "clean")
    made = _documents(random.Random("links"))
    _in(kept, made)
    made[0] = replace(made[0], body=Prose.of(made[0].body.markdown + "己。"))
    shard = _in(kept, made)
    assert wholes == [12]
    _in(clean, made)
    assert files(kept.path(shard)) == files(clean.path(shard))


@pytest.mark.parametrize("name", ["site/fragment", "site/index", "layout.json", "contents", "sums"])
@pytest.mark.parametrize("how", ["gone", "cut"])
def test_nothing_is_taken_over_from_a_damaged_shard(tmp_path: Path, name: str, how: str) -> None:
    """Files of the shard before are missing or cut off: the edited one is right all the same."""
    kept, clean = Store(tmp_path / "kept"), Store(tmp_path / "clean")
    made = _documents(random.Random("damage"))
    before = kept.path(_in(kept, made)) / name
    for target in sorted(before.iterdir()) if before.is_dir() else [before]:
        data = target.read_bytes()
        target.unlink()
        if how == "cut":
            target.write_bytes(data[:-1])
    made[0] = replace(made[0], body=Prose.of(made[0].body.markdown + "己。"))
    shard = _in(kept, made)
    _in(clean, made)
    assert files(kept.path(shard)) == files(clean.path(shard))


@pytest.mark.parametrize("name", ["layout.json", "contents"])
def test_what_is_known_of_the_shard_before_is_checked(tmp_path: Path, name: str, wholes: list[int]) -> None:
    """A bit of what is known of the shard before is another, somewhere: nothing is taken over of it. A wrong count in it
    would be handed on from edit to edit, and show in the files only when it crosses a border."""
    chance = random.Random(name)
    clean = Store(tmp_path / "clean")
    made = [document(f"n{each}", "甲乙丙丁戊。" * 30) for each in range(9)]
    edited = [replace(made[0], body=Prose.of(made[0].body.markdown + "己。")), *made[1:]]
    right = files(clean.path(_in(clean, edited)))
    for turn in range(20):
        kept = Store(tmp_path / f"kept{turn}")
        target = kept.path(_in(kept, made)) / name
        data = bytearray(target.read_bytes())
        borders = data.find(b'"frequent"'), data.find(b'"parts"')  # nearly all of a layout, and compared anyway
        data[chance.choice([*range(borders[0]), *range(max(borders), len(data))])] ^= 1
        target.write_bytes(data)
        del wholes[:]
        assert files(kept.path(_in(kept, edited))) == right
        assert wholes == [9]


@pytest.mark.parametrize("folder", ["index", "fragment"])
def test_what_is_read_of_the_shard_before_is_checked(tmp_path: Path, folder: str, wholes: list[int]) -> None:
    """A file that is as long as it was but holds other bytes is noticed when it is read: the whole is made anew."""
    kept, clean = Store(tmp_path / "kept"), Store(tmp_path / "clean")
    made = [document(f"n{each}", "甲乙丙丁戊。" * 30) for each in range(9)]
    before = kept.files(_in(kept, made)) / folder
    made[0] = replace(made[0], body=Prose.of(made[0].body.markdown + "己。"))
    for target in before.iterdir():
        target.write_bytes(target.read_bytes()[:-9] + b"\xc1" * 9)
    shard = _in(kept, made)
    assert wholes[0] == 9
    assert set(wholes[1:]) == {9}
    _in(clean, made)
    assert files(kept.path(shard)) == files(clean.path(shard))


def test_nothing_is_taken_over_from_other_code(tmp_path: Path, parsed: list[str], wholes: list[int]) -> None:
    """A shard that another version of our code or of a library made says nothing about what this one makes."""
    kept = Store(tmp_path / "kept")
    made = _documents(random.Random("code"))
    _in(kept, made)
    del parsed[:]
    _in(kept, made, "w")
    assert len(parsed) == len(made)
    assert wholes == [12, 12]


def test_a_shard_that_divides_is_made_of_what_it_was(tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A shard that grew too heavy is made as two, of which no record is parsed again but the new one."""
    kept, clean = Store(tmp_path / "kept"), Store(tmp_path / "clean")
    made = [document(f"n{each}", "一段正文。" * 9) for each in range(8)]
    _in(kept, made)
    del parsed[:]
    made.append(document("new", "新的文。" * 9))
    monkeypatch.setattr(dividing, "WEIGHT", sum(each.weight for each in made) - 1)
    divided = shards(made, "v")
    assert len(divided) == 2
    kept.shards(divided)
    assert set(parsed) == {"新的文。" * 9}
    clean.shards(divided)
    assert [files(kept.path(shard)) for shard in divided] == [files(clean.path(shard)) for shard in divided]
