"""Reading the vocabularies: catalog/{organs,themes,genres,columns,site,redirects}.yaml, and the working days beside them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel

from portal.problems import Place, Problem
from portal.records import source
from portal.records.holidays import read_workdays
from portal.records.reading import compose, locate, read_fields
from portal.records.vocabulary import Column, Genre, Identity, Organ, Redirect, Theme, Vocabulary
from portal.value import Value

Model = TypeVar("Model", bound=BaseModel)

REQUIRED = ("site.yaml", "organs.yaml", "themes.yaml", "genres.yaml", "columns.yaml")
OPTIONAL = ("redirects.yaml",)


def read_vocabulary(files: Mapping[str, bytes]) -> tuple[Vocabulary | None, list[Problem]]:
    """The vocabulary from the files under catalog/ (name → bytes); None with problems when anything is wrong."""
    problems: list[Problem] = []
    for name in REQUIRED:
        if name not in files:
            what = f"缺少 catalog/{name}。"
            problems.append(
                Problem(Place(f"catalog/{name}"), "missing-file", "", what, "新站请运行 portal init 生成。")
            )
    words: list[_Word] = []

    def many(name: str, model: type[Model], label: str) -> tuple[Model, ...]:
        read, found = _read_list(f"catalog/{name}", files.get(name), model)
        problems.extend(found)
        own = [word for value, node in read for word in _words(name.removesuffix(".yaml"), value, node)]
        problems.extend(_duplicates(label, own))
        words.extend(own)
        return tuple(value for value, _ in read)

    organs, themes = many("organs.yaml", Organ, "机构"), many("themes.yaml", Theme, "主题")
    genres, columns = many("genres.yaml", Genre, "体裁"), many("columns.yaml", Column, "栏目")
    redirects = many("redirects.yaml", Redirect, "原地址")
    workdays, found = read_workdays(
        {name.removeprefix("workdays/"): data for name, data in files.items() if name.startswith("workdays/")}
    )
    problems += found
    identity: Identity | None = None
    organ_place = Place("catalog/site.yaml")
    identity_places: dict[tuple[str | int, ...], Place] = {}
    if "site.yaml" in files:
        node, found = compose("catalog/site.yaml", files["site.yaml"])
        problems += found
        if isinstance(node, source.Fields):
            identity, found = read_fields(node, "catalog/site.yaml", Identity)
            problems += found
            identity_places = locate(node, Identity)
            organ_place = identity_places.get(("organ",), organ_place)
        elif node is not None:
            problems.append(Problem(node.place, "mapping", "", "这里应当逐栏填写。", "请写成“栏名: 内容”，一栏一行。"))
    if identity is None or problems:
        return None, problems
    places = {f"{word.kind}:{word.id}": word.place for word in words}
    places |= {f"site:{location[0]}": place for location, place in identity_places.items() if len(location) == 1}
    vocabulary = Vocabulary(identity, organs, themes, genres, columns, redirects, places, workdays)
    if identity.organ not in vocabulary.organ_by_name:
        what = f"主办单位“{identity.organ}”不在 catalog/organs.yaml 中。"
        return None, [Problem(organ_place, "unknown-organ", "主办单位", what, "请先在机构表中登记该机构。")]
    return vocabulary, []


class _Word(Value, frozen=True):
    """An item of a list file: kind, identifier, what else must be its own (its full name), and where it stands."""

    kind: str
    id: str
    name: str
    place: Place


def _words(kind: str, value: Any, node: source.Fields) -> Iterator[_Word]:
    if isinstance(value, Redirect):
        # /a, /a/ and /a/index.html are answered by one page.
        page = unquote(value.old).removesuffix("index.html").rstrip("/")
        yield _Word(kind, value.old, page + "/", node.place)
        return
    yield _Word(kind, value.id, value.name, node.place)
    located = locate(node, type(value))
    for number, child in enumerate(getattr(value, "children", ())):
        # Below another parent the same name is another word; records then write it with its parent.
        yield _Word(kind, child.id, f"{value.name}/{child.name}", located[("children", number)])


def _read_list(
    path: str, data: bytes | None, model: type[Model]
) -> tuple[list[tuple[Model, source.Fields]], list[Problem]]:
    if data is None:
        return [], []
    node, problems = compose(path, data)
    if node is None or (isinstance(node, source.Fields) and not node.fields):
        return [], problems
    if not isinstance(node, source.Items):
        return [], [Problem(node.place, "list", "", "这里应当是一份清单。", "每项以“- ”开头。")]
    read: list[tuple[Model, source.Fields]] = []
    for item in node.items:
        if not isinstance(item, source.Fields):
            problems.append(Problem(item.place, "mapping", "", "这里应当逐栏填写。", "请写成“栏名: 内容”，一栏一行。"))
            continue
        value, found = read_fields(item, path, model)
        problems += found
        if value is not None:
            read.append((value, item))
    return read, problems


def _duplicates(label: str, words: Iterable[_Word]) -> list[Problem]:
    """Identifiers and names taken twice, reported where they are repeated."""
    ids: set[str] = set()
    names: set[str] = set()
    problems: list[Problem] = []
    for word in words:
        if word.id in ids or word.name in names:
            taken = word.id if word.id in ids else word.name
            what = f"{label}“{taken}”重复。"
            problems.append(Problem(word.place, "duplicate", "", what, "请改名，或合并为一项。"))
        ids.add(word.id)
        names.add(word.name)
    return problems
