"""The documentation says what is so: generated parts are current, and commands, paths, links and examples hold."""

import ast
import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from portal import HOME
from portal.cli import main
from portal.records.reading import read_file
from portal.records.repository import read_repository
from portal.records.types import KINDS
from portal.serve.server import HEADERS
from portal.site.names import name_problems

DOCUMENTS = [HOME / "README.md", HOME / "README.zh.md", HOME / "CHANGELOG.md", *sorted((HOME / "docs").glob("*.md"))]
NAMES = [path.relative_to(HOME).as_posix() for path in DOCUMENTS]
TOP = ("content/", "catalog/", "theme/", "plugins/", "tests/", "tools/", "docs/", ".ci/")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_COMMAND = re.compile(r"(?:^|[\s(])(?:[\w./-]*/)?portal(?=\s)([^|;&)\n]*)", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def load_tool() -> ModuleType:
    """tools/doc_tables.py as a module; tools/ is no package."""
    spec = importlib.util.spec_from_file_location("doc_tables", HOME / "tools" / "doc_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def codes(text: str) -> Iterator[str]:
    """The code in a document that is shell or inline: what a reader would type or look up."""
    for language, block in _FENCE.findall(text):
        if language in {"sh", "console"}:
            yield re.sub(r"(?m)(^|\s)#.*$", "", block.replace("\\\n", " "))
    for code in _CODE.findall(_FENCE.sub("", text)):
        yield " ".join(code.split())


def invocations(text: str) -> set[str]:
    """Every `portal …` in a document's code, without the command's own name."""
    return {found.strip() for code in codes(text) for found in _COMMAND.findall(code)}


def misuse(arguments: str) -> str:
    """What is wrong with the arguments of a documented command, or an empty string."""
    words = [word for word in shlex.split(arguments.split(">")[0]) if word != "…"]
    command: click.Command = main
    context = click.Context(main, info_name="portal")
    while True:
        named = isinstance(command, click.Group)
        try:
            _, rest, _ = command.make_parser(context).parse_args(args=words)
        except click.UsageError as error:
            return error.format_message()
        if not named:
            return f"too much: {rest}" if rest else ""
        if not rest:
            return ""  # the group alone, or with its own options: `portal -C DIR …`
        assert isinstance(command, click.Group)
        below = command.get_command(context, rest[0])
        if below is None:
            return f"no command {rest[0]}"
        context = click.Context(below, info_name=rest[0], parent=context)
        command, words = below, rest[1:]


def anchors(text: str) -> set[str]:
    """The anchors that a document's headings get on GitHub and its like."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The generator of the handbook's tables."""
    return load_tool()


def test_generated_parts_of_the_handbook_are_current(tool: ModuleType) -> None:
    """The tables and messages in docs/editors.zh.md are what tools/doc_tables.py writes today."""
    assert tool.main(["--check"]) == 0


def test_every_field_and_command_is_in_the_handbook(tool: ModuleType) -> None:
    """No block that the generator knows is missing from the handbook, so no kind's fields are undocumented."""
    text = tool.DOCUMENT.read_text(encoding="utf-8")
    assert set(tool.BLOCKS) == set(re.findall(r"<!-- generated: ([a-z-]+) -->", text))
    assert text.count("<!-- generated: ") == text.count("<!-- end -->")


def test_an_outdated_handbook_is_noticed(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --check a changed table gives exit code 1 and stays; without it, it is written anew."""
    page = tmp_path / "page.md"
    page.write_text("甲\n<!-- generated: redirects -->\nold\n<!-- end -->\n乙\n", encoding="utf-8")
    monkeypatch.setattr(tool, "DOCUMENT", page)
    assert tool.main(["--check"]) == 1
    assert "\nold\n" in page.read_text(encoding="utf-8")
    assert tool.main([]) == 0
    assert "| `old` | 原地址 | 是 |" in page.read_text(encoding="utf-8")
    assert tool.main(["--check"]) == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_command_named_exists_with_its_options(name: str) -> None:
    """A `portal …` in a document's code is parsed by click: its commands, options and number of arguments are right."""
    wrong = {each: why for each in invocations((HOME / name).read_text(encoding="utf-8")) if (why := misuse(each))}
    assert not wrong


def test_wrong_commands_are_noticed() -> None:
    """An unknown command, an unknown option, an option without its value and a surplus argument are each found."""
    assert misuse("review")
    assert misuse("build --fast")
    assert misuse("build --output")
    assert misuse("check all")
    assert misuse("import law DIR")
    assert not misuse('-C DIR new entry "标题"')
    assert invocations("`portal a`\n\n```sh\n.venv/bin/portal -C X b | cut -f1  # portal c\n```\nportal d") == {
        "a",
        "-C X b",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    """A link or picture in a document names a file of the repository, and its anchor a heading there."""
    path = HOME / name
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for target in filter(None, (word for found in _LINK.findall(re.sub(r"`[^`\n]*`", "", text)) for word in found)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("name", NAMES)
def test_every_path_named_exists(name: str) -> None:
    """A path in a document's inline code, from a folder of the checkout, is there; patterns and examples are not paths."""
    text = _FENCE.sub("", (HOME / name).read_text(encoding="utf-8"))
    named = {code for code in _CODE.findall(text) if code.startswith(TOP) and re.fullmatch(r"[\w./-]+", code, re.ASCII)}
    assert not [path for path in named if not (HOME / path).exists()]


@pytest.mark.parametrize("name", NAMES)
def test_every_make_target_named_exists(name: str) -> None:
    """A `make …` in a document's code is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (HOME / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = (HOME / name).read_text(encoding="utf-8")
    named = {word for code in codes(text) for word in re.findall(r"(?:^|\n)make ([a-z]+)", code)}
    assert named <= targets


def test_the_readmes_show_the_portal_and_the_two_commands() -> None:
    """Both READMEs have the same pictures, each small enough to load at once, and name make serve and make test."""
    for name in ("README.md", "README.zh.md"):
        text = (HOME / name).read_text(encoding="utf-8")
        pictures = re.findall(r'src="([^"]+)" width="\d+" alt="([^"]+)"', text)
        names = [Path(picture).name for picture, _ in pictures]
        assert names == ["home-1280.png", "document-390.png", "bench.svg"]
        assert all((HOME / picture).stat().st_size < 250_000 for picture, _ in pictures)
        assert {"make serve", "make test"} <= set(codes(text)) | {
            line for code in codes(text) for line in code.split("\n")
        }


def test_the_examples_in_the_handbook_are_records_without_a_problem() -> None:
    """Every complete record shown to editors reads without a problem and uses words of the demo's vocabularies."""
    words = read_repository(HOME).vocabulary
    assert words is not None
    examples = _EXAMPLE.findall((HOME / "docs" / "editors.zh.md").read_text(encoding="utf-8"))
    kinds = set()
    for path, text in examples:
        records, problems = read_file(path, text.encode())
        for record in records:
            problems += name_problems(record, words)
            kinds.add(record.kind)
        assert not problems, path
    assert kinds == {kind.kind for kind in KINDS}


def test_the_headers_for_the_web_server_are_those_of_the_preview() -> None:
    """docs/operators.md asks nginx for every header that `portal serve` sends, with the same value."""
    text = (HOME / "docs" / "operators.md").read_text(encoding="utf-8")
    assert dict(re.findall(r'add_header (\S+) "([^"]+)" always;', text)) == HEADERS


def test_every_test_says_what_it_expects() -> None:
    """The docstring of every test is a sentence about behaviour: it does not start with the word "test"."""
    silent = []
    for path in sorted((HOME / "tests").rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                said = ast.get_docstring(node) or ""
                if len(said.split()) < 3 or said.lower().startswith("test") or not re.search(r"[.。]$|[.。]\s", said):
                    silent.append(f"{path.relative_to(HOME)}:{node.lineno} {node.name}")
    assert not silent
