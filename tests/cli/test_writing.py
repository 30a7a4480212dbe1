"""init and new: a site in a folder, and a record with everything filled in that can be."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import NOW, TinySite

from portal import clock
from portal.cli import main
from portal.cli.writing import CHOOSE, scaffold
from portal.problems import blocking
from portal.records.contradictions import PLACEHOLDER
from portal.records.reading import read_file
from portal.records.repository import read_repository
from portal.records.types import KINDS, DisclosureEntry, Interpretation, PressRelease, Record, StandingPage, Status
from portal.records.vocabulary import Organ, Vocabulary
from portal.site.resolve import resolve

TITLES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff\ufeff")
    | st.sampled_from("\"'\\:#{}[]&*!|>%@`- "),
    max_size=200,
)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The clock stands, and commands that change the folder change it back."""
    monkeypatch.setattr(clock, "read", lambda: NOW)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def words(tiny: TinySite) -> Vocabulary:
    """The tiny site's vocabulary."""
    found = read_repository(tiny.root).vocabulary
    assert found is not None
    return found


def run(*arguments: str | Path) -> Result:
    """Run `portal` with arguments."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def completed(text: str, of: str = "") -> str:
    """A scaffold with what only its writer knows."""
    text = text.replace("状态: 草稿", "状态: 已发布").replace("内容概述: ", "内容概述: 概述。")
    text = text.replace(PLACEHOLDER, "正文。").replace(f"体裁分类: {CHOOSE}", "体裁分类: 通知")
    text = text.replace(f"栏目: {CHOOSE}", "栏目: 履职依据").replace(f"主题分类: [{CHOOSE}]", "主题分类: [其他]")
    return text.replace("解读对象: []", f"解读对象: [{of}]")


def path_of(kind: type[Record], name: str = "jia") -> str:
    """Where a record of a kind lies."""
    return f"{kind.folder}/{name}.md"


# scaffold


@pytest.mark.parametrize("kind", KINDS)
def test_a_completed_scaffold_is_accepted(kind: type[Record], words: Vocabulary) -> None:
    """With status, summary and the interpreted document filled in, the reader finds no problem in a new record."""
    text = completed(scaffold(kind, "关于甲的通知", NOW, words, []), "TEST/2026-00001")
    (record,), problems = read_file(path_of(kind), text.encode())
    assert problems == []
    assert isinstance(record, kind)
    assert (record.title, record.status, record.date) == ("关于甲的通知", Status.PUBLISHED, NOW)
    assert record.publisher == (None if kind is StandingPage else "试验厅")


def test_completed_scaffolds_make_a_site(tiny: TinySite, words: Vocabulary) -> None:
    """One completed scaffold of each kind resolves at the same clock without a problem that blocks."""
    for kind in KINDS:
        tiny.write(path_of(kind), completed(scaffold(kind, "关于甲的通知", NOW, words, []), "TEST/2026-00001"))
    assert blocking(tiny.resolve(NOW).problems) == ()


@pytest.mark.parametrize("kind", [PressRelease, StandingPage])
def test_a_scaffold_is_a_draft_at_once(kind: type[Record], words: Vocabulary) -> None:
    """What needs nothing more is readable as it stands, and is a draft."""
    (record,), problems = read_file(path_of(kind), scaffold(kind, "甲", NOW, words, []).encode())
    assert problems == []
    assert record.status is Status.DRAFT


@pytest.mark.parametrize(("kind", "fields"), [(DisclosureEntry, {"内容概述"}), (Interpretation, {"解读对象"})])
def test_a_scaffold_lacks_only_what_its_writer_knows(kind: type[Record], fields: set[str], words: Vocabulary) -> None:
    """The reader asks for nothing but the summary or the interpreted document."""
    _, problems = read_file(path_of(kind), scaffold(kind, "甲", NOW, words, []).encode())
    assert {problem.field for problem in problems} == fields


@pytest.mark.parametrize("kind", KINDS)
def test_a_scaffold_has_chinese_keys(kind: type[Record], words: Vocabulary) -> None:
    """No English key stands in a new record."""
    keys = re.findall("^([^ #:\\n]+):", scaffold(kind, "甲", NOW, words, []), re.MULTILINE)
    assert keys
    assert all(re.fullmatch("[一-鿿]+", key) for key in keys)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TITLES)
def test_any_title_reads_back(title: str, words: Vocabulary) -> None:
    """Quotes, colons, braces and backslashes in a title survive; white space is folded."""
    folded = " ".join(title.split())
    found, problems = read_file(path_of(PressRelease), scaffold(PressRelease, title, NOW, words, []).encode())
    if folded:
        assert problems == []
        assert found[0].title == folded
    else:
        assert [problem.field for problem in problems] == ["标题"]


def test_words_with_a_meaning_in_yaml_are_quoted(words: Vocabulary) -> None:
    """An organ's name with a colon or a hash is written so that it reads back."""
    name = "试验厅: 甲 #乙"
    organs = (Organ(id="a", name=name, predecessors=("试验厅",)),)
    odd = Vocabulary(words.identity, organs, words.themes, words.genres, words.columns)
    found, problems = read_file(path_of(PressRelease), scaffold(PressRelease, "甲", NOW, odd, []).encode())
    assert problems == []
    assert found[0].publisher == name


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ([], "TEST/2026-00001"),
        (["TEST/2026-00001", "TEST/2026-00007", "TEST/2026-00003"], "TEST/2026-00008"),
        (["TEST/2025-00009", "OTHER/2026-00009", "TEST2026-9"], "TEST/2026-00001"),
    ],
)
def test_the_next_free_number_is_filled_in(taken: list[str], number: str, words: Vocabulary) -> None:
    """A new entry gets the number after the highest of its organ and year; gaps are not filled."""
    assert f"索引号: {number}\n" in scaffold(DisclosureEntry, "甲", NOW, words, taken)


def test_the_number_begins_with_the_organs_code(words: Vocabulary) -> None:
    """Where the organ has its code, that is the prefix, not a declared exception."""
    organs = (Organ(id="a", name="试验厅", code="12620600MB0523338C"),)
    coded = Vocabulary(words.identity, organs, words.themes, words.genres, words.columns)
    assert "索引号: 12620600MB0523338C/2026-00001\n" in scaffold(DisclosureEntry, "甲", NOW, coded, [])


# new


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("entry", "catalog/entries/2026"), ("公开目录", "catalog/entries/2026"), ("公开目录条目", "catalog/entries/2026"),
        ("news", "content/news"), ("新闻", "content/news"), ("新闻发布", "content/news"), ("interpretation", "content/interpretations"),
        ("解读", "content/interpretations"), ("政策解读", "content/interpretations"), ("page", "content/pages"), ("页面", "content/pages"),
    ],
)  # fmt: skip
def test_new_writes_a_draft_under_its_pinyin(tiny: TinySite, word: str, path: str) -> None:
    """A kind is named in English or Chinese; the file's name is the year and the title's pinyin without its frame."""
    done = run("-C", tiny.root, "new", word, "关于科研诚信的通知")
    assert done.exit_code == 0, done.output
    assert f"{path}/2026-ke-yan-cheng-xin.md" in done.output
    assert "状态: 草稿" in (tiny.root / path / "2026-ke-yan-cheng-xin.md").read_text("utf-8")


def test_new_counts_on(tiny: TinySite) -> None:
    """Each new entry has the number after the last, and a title taken already gets a number behind its name."""
    tiny.entry("a", 索引号="TEST/2026-00041")
    for _ in range(2):
        assert run("-C", tiny.root, "new", "entry", "甲乙").exit_code == 0
        for path in tiny.root.glob("catalog/entries/2026/2026-*.md"):
            path.write_text(completed(path.read_text("utf-8")), "utf-8")
    numbers = {name: getattr(record, "index_no", "") for name, record in tiny.read().items()}
    assert numbers == {"a": "TEST/2026-00041", "2026-jia-yi": "TEST/2026-00042", "2026-jia-yi-2": "TEST/2026-00043"}


def test_new_counts_the_drafts_that_are_not_complete_yet(tiny: TinySite) -> None:
    """Two drafts in a row do not get one number, though a fresh draft still lacks its summary."""
    for name in ("a", "b"):
        assert run("-C", tiny.root, "new", "entry", "甲", "--id", name).exit_code == 0
    texts = [(tiny.root / f"catalog/entries/2026/{name}.md").read_text("utf-8") for name in ("a", "b")]
    assert ["TEST/2026-00001" in texts[0], "TEST/2026-00002" in texts[1]] == [True, True]


@pytest.mark.parametrize("name", ["A", "甲", "a_b", "-a", "a--b", "../a", "a/b", "page-1", ""])
def test_new_refuses_a_name_that_the_reader_refuses(tiny: TinySite, name: str) -> None:
    """An identifier that cannot be an address is refused, and nothing is written."""
    done = run("-C", tiny.root, "new", "page", "甲", f"--id={name}")
    if name:
        assert done.exit_code == 1
        assert list(tiny.root.glob("content/pages/*")) == []
    else:
        assert list(tiny.root.glob("content/pages/*")) == [tiny.root / "content/pages/2026-jia.md"]


def test_new_overwrites_nothing(tiny: TinySite) -> None:
    """A name in use, by a record or by a file that cannot be read, is refused and the file stays as it is."""
    tiny.news("a", 编号="c")
    tiny.write("content/news/b.md", "甲")
    before = tiny.tree(tiny.root / "content")
    for name in ("a", "b", "c"):
        done = run("-C", tiny.root, "new", "news", "甲", "--id", name)
        assert done.exit_code == 1
    assert tiny.tree(tiny.root / "content") == before


def test_new_refuses_an_unknown_kind_with_the_known_ones(tiny: TinySite) -> None:
    """The kinds are listed in Chinese."""
    done = run("-C", tiny.root, "new", "博客", "甲")
    assert done.exit_code == 2
    assert "没有“博客”这种记录" in done.output
    assert "news（新闻发布）" in done.output


@pytest.mark.parametrize("title", ["", "  ", "长" * 201, "甲\x07乙", "甲\n---\n乙"])
def test_new_writes_nothing_that_the_reader_refuses(tiny: TinySite, title: str) -> None:
    """A title that is empty, too long, or holds control characters is refused, or mended, before it is written."""
    run("-C", tiny.root, "new", "news", title, "--id", "a")
    problems = [problem for problem in read_repository(tiny.root).problems if problem.code != "empty-site"]
    assert problems == []


@pytest.mark.parametrize(("kind", "file"), [("news", "themes"), ("entry", "columns"), ("entry", "themes")])
def test_new_says_which_list_is_empty(tiny: TinySite, kind: str, file: str) -> None:
    """With an empty list of themes or columns the command writes a draft or says why not, without a traceback."""
    tiny.write(f"catalog/{file}.yaml", "[]\n")
    done = run("-C", tiny.root, "new", kind, "甲")
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_new_needs_a_vocabulary(tiny: TinySite) -> None:
    """Where the lists cannot be read, the command sends the editor to check them."""
    tiny.write("catalog/themes.yaml", "甲")
    done = run("-C", tiny.root, "new", "news", "甲")
    assert done.exit_code == 1
    assert "portal check" in done.output


# init


def test_init_makes_a_site_without_problems(tmp_path: Path) -> None:
    """A new site is read and resolved at once, with nothing that blocks."""
    done = run("init", tmp_path / "site")
    assert done.exit_code == 0, done.output
    repository = read_repository(tmp_path / "site")
    assert repository.problems == ()
    assert repository.vocabulary is not None
    assert blocking(resolve(repository.records, repository.vocabulary, {}, NOW).problems) == ()
    assert {kind.folder for kind in KINDS if (tmp_path / "site" / kind.folder).is_dir()} == {
        kind.folder for kind in KINDS
    }


def test_init_holds_no_name_of_the_demo(tmp_path: Path) -> None:
    """A new office's site is about that office: no demo organ in its identity."""
    run("init", tmp_path / "site")
    for name in ("site.yaml", "organs.yaml"):
        text = (tmp_path / "site/catalog" / name).read_text("utf-8")
        assert "示例省" not in text
        assert "请填写" in text


def test_new_works_in_a_fresh_site(tmp_path: Path) -> None:
    """A record of each kind, completed, is accepted in a site that init made."""
    run("init", tmp_path / "site")
    for kind in KINDS:
        assert run("-C", tmp_path / "site", "new", kind.kind, "甲", "--id", "jia").exit_code == 0
        for path in (tmp_path / "site").rglob("jia.md"):
            path.write_text(completed(path.read_text("utf-8"), "OFFICE/2026-00001"), "utf-8")
    repository = read_repository(tmp_path / "site")
    assert repository.problems == ()
    assert repository.vocabulary is not None
    assert blocking(resolve(repository.records, repository.vocabulary, {}, NOW).problems) == ()


def test_init_touches_no_folder_in_use(tmp_path: Path) -> None:
    """A folder with anything in it but .git is refused and stays as it is."""
    (tmp_path / "site/.git").mkdir(parents=True)
    assert run("init", tmp_path / "site").exit_code == 0
    before = sorted(tmp_path.rglob("*"))
    again = run("init", tmp_path / "site")
    assert again.exit_code == 1
    assert "没有改动" in again.output
    assert sorted(tmp_path.rglob("*")) == before


def test_init_refuses_a_file(tmp_path: Path) -> None:
    """Where a file stands in the way, the command says so without a traceback."""
    (tmp_path / "site").write_text("甲", "utf-8")
    done = run("init", tmp_path / "site")
    assert done.exit_code != 0
    assert isinstance(done.exception, SystemExit)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """`portal -C` on a missing folder leads to init."""
    done = run("-C", tmp_path / "no", "new", "news", "甲")
    assert done.exit_code == 1
    assert "portal init" in done.output
