"""Reading the vocabularies: catalog/{organs,themes,genres,columns,site,redirects}.yaml."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from portal.problems import Place, Problem
from portal.records import source
from portal.records.reading import locate, normalise, validate
from portal.records.types import Origin
from portal.records.vocabulary import Column, Genre, Identity, Organ, Redirect, Theme, Vocabulary

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
    places: dict[str, Place] = {}

    def many(name: str, model: type[Model]) -> tuple[Model, ...]:
        read, found = _read_list(f"catalog/{name}", files.get(name), model, places)
        problems.extend(found)
        return tuple(read)

    organs, themes = many("organs.yaml", Organ), many("themes.yaml", Theme)
    genres, columns = many("genres.yaml", Genre), many("columns.yaml", Column)
    redirects = many("redirects.yaml", Redirect)
    identity: Identity | None = None
    if "site.yaml" in files:
        node, found = _compose("catalog/site.yaml", files["site.yaml"])
        problems += found
        if isinstance(node, source.Fields):
            identity, found = _read_one(node, "catalog/site.yaml", Identity)
            problems += found
        elif node is not None:
            problems.append(Problem(node.place, "mapping", "", "这里应当逐栏填写。", "请写成“栏名: 内容”，一栏一行。"))
    problems += _duplicates("organs", "机构", [(o.id, o.name) for o in organs], places)
    theme_words = [(w.id, w.name) for theme in themes for w in (theme, *theme.children)]
    problems += _duplicates("themes", "主题", theme_words, places, names=False)
    problems += _duplicates("genres", "体裁", [(g.id, g.name) for g in genres], places)
    column_words = [(w.id, w.name) for column in columns for w in (column, *column.children)]
    problems += _duplicates("columns", "栏目", column_words, places)
    if identity is None or problems:
        return None, problems
    vocabulary = Vocabulary(identity, organs, themes, genres, columns, redirects, places)
    if identity.organ not in vocabulary.organ_by_name:
        what = f"主办单位“{identity.organ}”不在 catalog/organs.yaml 中。"
        return None, [
            Problem(Place("catalog/site.yaml"), "unknown-organ", "主办单位", what, "请先在机构表中登记该机构。")
        ]
    return vocabulary, []


def _compose(path: str, data: bytes) -> tuple[source.Node | None, list[Problem]]:
    try:
        return source.compose(path, source.decode(path, data)), []
    except source.Unreadable as error:
        return None, list(error.problems)


def _read_one(node: source.Fields, path: str, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    values, problems = normalise(node, model)
    value, found = validate(model, values, Origin(path, locate(node, model)), node.place)
    return value, problems + found


def _read_list(
    path: str, data: bytes | None, model: type[Model], places: dict[str, Place]
) -> tuple[list[Model], list[Problem]]:
    if data is None:
        return [], []
    node, problems = _compose(path, data)
    if node is None or (isinstance(node, source.Fields) and not node.fields):
        return [], problems
    if not isinstance(node, source.Items):
        return [], [Problem(node.place, "list", "", "这里应当是一份清单。", "每项以“- ”开头。")]
    read: list[Model] = []
    for item in node.items:
        if not isinstance(item, source.Fields):
            problems.append(Problem(item.place, "mapping", "", "这里应当逐栏填写。", "请写成“栏名: 内容”，一栏一行。"))
            continue
        value, found = _read_one(item, path, model)
        problems += found
        if value is not None:
            read.append(value)
            _remember(path, value, item.place, places)
    return read, problems


def _remember(path: str, value: Any, place: Place, places: dict[str, Place]) -> None:
    kind = path.removeprefix("catalog/").removesuffix(".yaml")
    name = value.old if isinstance(value, Redirect) else value.id
    # The last one is kept, so that a duplicate is reported where it was repeated.
    places[f"{kind}:{name}"] = place
    for child in getattr(value, "children", ()):
        places[f"{kind}:{child.id}"] = place


def _duplicates(
    kind: str, label: str, words: Iterable[tuple[str, str]], places: Mapping[str, Place], *, names: bool = True
) -> list[Problem]:
    ids: set[str] = set()
    seen: set[str] = set()
    problems: list[Problem] = []

    def report(identifier: str, what: str) -> None:
        place = places.get(f"{kind}:{identifier}", Place(f"catalog/{kind}.yaml"))
        problems.append(Problem(place, "duplicate", "", what, "请改名，或合并为一项。"))

    for identifier, name in words:
        if identifier in ids:
            report(identifier, f"{label}编号“{identifier}”重复。")
        if names and name in seen:
            report(identifier, f"{label}“{name}”重复。")
        ids.add(identifier)
        seen.add(name)
    return problems
