"""One source file becomes one typed record (or, for a YAML list, several), or problems with places."""

import types
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from portal.markup.rules import body_problems
from portal.problems import Place, Problem, nearest, soften
from portal.records import source
from portal.records.contradictions import contradictions, required
from portal.records.types import KINDS, DisclosureEntry, Origin, Record, Status, aliases

Model = TypeVar("Model", bound=BaseModel)


def kind_of(path: str) -> type[Record] | None:
    """The kind of record that a path relative to the site's folder holds, or None outside the known folders."""
    for kind in KINDS:
        if path.startswith(kind.folder + "/"):
            return kind
    return None


def read_file(path: str, data: bytes) -> tuple[list[Record], list[Problem]]:
    """The records of one file and the problems found. A file with a problem in one record still yields the others."""
    model = kind_of(path)
    if model is None:
        known = "、".join(f"{kind.folder}/（{kind.label}）" for kind in KINDS)
        return [], [Problem(Place(path), "unknown-folder", "", "这个文件夹不放公开内容。", f"请移到：{known}。")]
    try:
        text = source.decode(path, data)
        if path.endswith(".md"):
            taken = source.split_markdown(path, text)
        else:
            taken = source.Source(source.compose(path, text), "", 1)
    except source.Unreadable as error:
        return [], list(error.problems)
    in_list = isinstance(taken.meta, source.Items)
    if in_list and (path.endswith(".md") or model is not DisclosureEntry):
        where = taken.meta.place
        return [], [
            Problem(where, "list", "", "这里只能写一条记录，不能写清单。", "清单只用于 catalog/entries/ 下的 .yaml。")
        ]
    nodes = taken.meta.items if isinstance(taken.meta, source.Items) else (taken.meta,)
    records: list[Record] = []
    problems: list[Problem] = []
    for node in nodes:
        default_id = None if in_list else PurePosixPath(path).stem
        record, found = _read_node(model, path, node, taken, default_id)
        problems += found
        if record is not None:
            records.append(record)
    return records, problems


def _read_node(
    model: type[Record], path: str, node: source.Node, taken: source.Source, default_id: str | None
) -> tuple[Record | None, list[Problem]]:
    if not isinstance(node, source.Fields):
        return None, [Problem(node.place, "mapping", "", "这里应当逐栏填写。", "请写成“栏名: 内容”，一栏一行。")]
    values, problems = normalise(node, model)
    located = dict(_locate(node, model))
    if default_id is not None:
        values.setdefault("id", default_id)
    origin = Origin(path, located, taken.body_line)
    record, found = validate(model, values | {"body": taken.body, "origin": origin}, origin, node.place)
    problems += found
    problems += required(model, {*values, *(["body"] if taken.body.strip() else [])}, origin)
    if record is not None:
        problems += contradictions(record)
    draft = values.get("status") == Status.DRAFT.value
    if problems:
        return None, soften(problems) if draft else problems
    assert record is not None
    wrong = list(body_problems(taken.body, path, taken.body_line))
    return record, soften(wrong) if draft else wrong


def compose(path: str, data: bytes) -> tuple[source.Node | None, list[Problem]]:
    """The tree of a YAML file; None with problems where it cannot be read."""
    try:
        return source.compose(path, source.decode(path, data)), []
    except source.Unreadable as error:
        return None, list(error.problems)


def read_fields(node: source.Fields, path: str, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """A model from the fields of a mapping, which is not a record; None with problems where it refuses them."""
    values, problems = normalise(node, model)
    value, found = validate(model, values, Origin(path, locate(node, model)), node.place)
    return value, problems + found


def validate(
    model: type[Model], values: dict[str, Any], origin: Origin, whole: Place
) -> tuple[Model | None, list[Problem]]:
    """Build the model, or say in Chinese for each refused field where and why."""
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        problems = []
        labels = {name: info.alias or name for name, info in model.model_fields.items()}
        for item in error.errors():
            location = tuple(_field_names(model, item["loc"]))
            place = origin.places.get(location) or (whole if len(location) <= 1 else origin.place(*location))
            field = labels.get(str(location[0]), str(location[0])) if location else ""
            code, what, remedy = _explain(dict(item), field, model)
            problems.append(Problem(place, code, field, what, remedy))
        return None, problems


def _explain(item: dict[str, Any], field: str, model: type[BaseModel]) -> tuple[str, str, str]:
    """Pydantic's error as code, Chinese sentence and remedy."""
    context = item.get("ctx", {})
    match item["type"]:
        case "portal":
            return str(context["code"]), str(context["what"]), str(context["remedy"])
        case "missing":
            label = _label_of(model, item["loc"])
            return "missing", f"缺少“{label}”。", f"请加一行“{label}: …”。"
        case "enum":
            known = str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
            hint = nearest(str(item["input"]), known.split("、"))
            return "choice", f"“{item['input']}”不是可选的值{hint}。", f"只能填：{known}。"
        case "string_too_long":
            return "long", f"超过 {context['max_length']} 个字。", "请写短一些。"
        case "too_long":
            return "long", f"超过 {context['max_length']} 项。", "请减少项数。"
        case "too_short":
            return "missing", "一项也没有。", "请至少填一项。"
        case _:
            return "type", "内容的写法不对。", f"请对照 docs/editors.zh.md 中“{field}”一栏的写法。"


def _label_of(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    """The Chinese alias of the field at a location, whether named by field or by alias on the way."""
    label = str(location[-1]) if location else ""
    current: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, int) or current is None:
            continue
        name = aliases(current).get(step, step)
        info = current.model_fields.get(name)
        label = (info.alias if info else None) or step
        current = _inner_model(info.annotation) if info else None
    return label


def _field_names(model: type[BaseModel], location: tuple[str | int, ...]) -> Iterator[str | int]:
    """A pydantic location with aliases turned into field names, as `Origin.places` has them."""
    current: type[BaseModel] | None = model
    for step in location:
        if isinstance(step, int) or current is None:
            yield step
            continue
        name = aliases(current).get(step, step)
        info = current.model_fields.get(name)
        yield name
        current = _inner_model(info.annotation) if info else None


def normalise(node: source.Fields, model: type[BaseModel]) -> tuple[dict[str, Any], list[Problem]]:
    """The mapping with field names for keys and plain values, empty values left out, unknown keys as problems."""
    known = aliases(model)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, (place, value) in node.fields.items():
        name = known.get(key)
        if name is None:
            labels = [info.alias or field for field, info in model.model_fields.items() if field in known]
            what = f"没有“{key}”这一栏{nearest(key, known)}。"
            problems.append(Problem(place, "unknown-field", key, what, f"可用的栏：{'、'.join(labels)}。"))
            continue
        if name in values:
            problems.append(
                Problem(place, "duplicate-field", key, f"“{key}”这一栏用中英文名写了两次。", "请只保留一处。")
            )
            continue
        annotation = model.model_fields[name].annotation
        converted, found = _convert(value, annotation)
        problems += found
        if converted is not None:
            values[name] = converted
    return values, problems


def _convert(node: source.Node, annotation: Any) -> tuple[Any, list[Problem]]:
    inner = _inner_model(annotation)
    if _is_many(annotation) and isinstance(node, source.Scalar):
        return ([node.text] if node.text else None), []  # one value where a list may stand is a list of one
    if isinstance(node, source.Items):
        values, problems = [], []
        for item in node.items:
            value, found = _convert(item, inner)
            values.append(value if value is not None else "")
            problems += found
        return values or None, problems
    if isinstance(node, source.Fields) and inner is not None:
        return normalise(node, inner)
    return source.plain(node), []


def _locate(node: source.Node, model: type[BaseModel] | None) -> Iterator[tuple[tuple[str | int, ...], Place]]:
    """Every location of the tree with aliases turned into field names, with its place."""
    yield (), node.place
    if isinstance(node, source.Fields):
        known = aliases(model) if model else {}
        for key, (_, value) in node.fields.items():
            name = known.get(key, key)
            info = model.model_fields.get(name) if model else None
            inner = _inner_model(info.annotation) if info else None
            for location, place in _locate(value, inner):
                yield (name, *location), place
    elif isinstance(node, source.Items):
        for number, item in enumerate(node.items):
            for location, place in _locate(item, model):
                yield (number, *location), place


def locate(node: source.Node, model: type[BaseModel] | None) -> dict[tuple[str | int, ...], Place]:
    """Where each field of a tree stands, by field name."""
    return dict(_locate(node, model))


def _find_inner_model(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Attachment, ...]` or `Image | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if (found := _find_inner_model(argument)) is not None:
            return found
    return None


def _find_whether_many(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType}:
        return any(_find_whether_many(argument) for argument in get_args(annotation))
    return origin in {tuple, list}


# Asked for every value of every file, about a few dozen annotations.
_inner_model: Callable[[Any], type[BaseModel] | None] = cache(_find_inner_model)
_is_many: Callable[[Any], bool] = cache(_find_whether_many)
