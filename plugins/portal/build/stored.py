"""A source file's records as data, and back: what the cache of sources holds. MessagePack, checked on the way in.

The values of a record were validated when its file was read; made again from the cache they are not validated a second
time, which is most of what reading costs. Their types are checked, since they come from outside.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypedDict, get_args

import msgspec
from pydantic import BaseModel

from portal import clock
from portal.markup.prose import EMPTY, Marks, Prose
from portal.problems import Problem
from portal.records.types import KINDS, Origin, Record

Words = Callable[[int], str]
"""Of the n-th record of a file its Markdown, read when it is asked for."""

Places = Callable[[int], Mapping[Any, Any]]
"""Of the n-th record of a file the places of its fields, likewise."""


class _Body(msgspec.Struct, array_like=True):
    digest: str
    size: int
    marks: Marks
    line: int


class _Stored(msgspec.Struct, array_like=True):
    kind: str
    values: msgspec.Raw
    body: _Body | None


class _File(msgspec.Struct, array_like=True):
    records: list[_Stored]
    problems: list[Problem]


_encoder = msgspec.msgpack.Encoder()
_file = msgspec.msgpack.Decoder(_File)


def to_bytes(records: list[Record], problems: list[Problem]) -> bytes:
    """A file's records and problems."""
    stored = [_Stored(record.kind, msgspec.Raw(_encoder.encode(_values(record))), _body(record)) for record in records]
    return _encoder.encode(_File(stored, problems))


def from_bytes(path: str, data: bytes, words: Words, places: Places) -> tuple[list[Record], list[Problem]]:
    """The same again. Raises msgspec.DecodeError for what is nothing of the kind."""
    found = _file.decode(data)
    return [_record(path, n, each, words, places) for n, each in enumerate(found.records)], found.problems


def _body(record: Record) -> _Body | None:
    body = record.body
    return _Body(body.digest, body.size, body.marks, record.origin.body_line) if body else None


def _record(path: str, number: int, stored: _Stored, words: Words, places: Places) -> Record:
    shape = _SHAPES[stored.kind]
    values = shape.defaults | shape.decoder.decode(stored.values)
    shape.finish(values)
    body = stored.body
    if body is None:
        values["body"], line = EMPTY, 1
    else:
        values["body"] = Prose(body.digest, body.size, body.marks, lambda: words(number))
        line = body.line
    values["origin"] = Origin(path, _Late(lambda: places(number)), line)
    values["key"] = stored.kind, values["id"]  # asked for a dozen times of every record
    record: Record = _made(shape.model, values)
    return record


class _Late(Mapping[Any, Any]):
    """Places of fields that are looked up when something is wrong with one."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], Mapping[Any, Any]]) -> None:
        self._find = find
        self._found: Mapping[Any, Any] | None = None

    def _all(self) -> Mapping[Any, Any]:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __getitem__(self, key: Any) -> Any:
        return self._all()[key]

    def __iter__(self) -> Any:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


# ── the values of a model ───────────────────────────────────────────────────

_ELSEWHERE = {"body", "origin"}


def _values(model: BaseModel) -> dict[str, Any]:
    """The fields that are not as they are by default, as MessagePack can carry them."""
    found = {}
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if name not in _ELSEWHERE and (info.is_required() or value != info.default):
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)  # all are in Asia/Shanghai
    if isinstance(value, BaseModel):
        return _values(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _made(model: type[Any], values: dict[str, Any]) -> Any:
    """An instance by the protocol of copying, which validates nothing."""
    made: Any = object.__new__(model)
    made.__setstate__(
        {
            "__dict__": values,
            "__pydantic_fields_set__": _NO_FIELDS,
            "__pydantic_extra__": None,
            "__pydantic_private__": None,
        }
    )
    return made


_NO_FIELDS: set[str] = set()


class _Shape:
    """How the values of a model are decoded: their types, defaults, and what is made of plain values afterwards."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        fields = {name: info for name, info in model.model_fields.items() if name not in _ELSEWHERE}
        self.defaults = {name: info.default for name, info in fields.items() if not info.is_required()}
        self._inner = {name: _Shape(inner) for name, info in fields.items() if (inner := _inner_model(info.annotation))}
        self._moments = [name for name, info in fields.items() if _holds(info.annotation, dt.datetime)]
        types = {name: _type(info.annotation) for name, info in fields.items()}
        needed = {name: types[name] if fields[name].is_required() else NotRequired[types[name]] for name in fields}
        typed_dict: Any = TypedDict  # made at run time, from the model
        self.type: Any = typed_dict(model.__name__, needed)
        self.decoder = msgspec.msgpack.Decoder(self.type)

    def finish(self, values: dict[str, Any]) -> None:
        """Give moments their zone, and nested values their models."""
        for name in self._moments:
            if (moment := values[name]) is not None:
                values[name] = moment.replace(tzinfo=clock.SHANGHAI)
        for name, shape in self._inner.items():
            if value := values[name]:
                values[name] = tuple(map(shape.part, value)) if isinstance(value, tuple) else shape.part(value)

    def part(self, values: dict[str, Any]) -> Any:
        """A nested value."""
        values = self.defaults | values
        self.finish(values)
        return _made(self.model, values)


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _inner_model(each))), None)


def _holds(annotation: Any, kind: type) -> bool:
    return annotation is kind or any(_holds(each, kind) for each in get_args(annotation) if each is not Ellipsis)


def _type(annotation: Any) -> Any:
    """The annotation for msgspec: a nested model as the mapping of its values."""
    inner = _inner_model(annotation)
    if inner is None:
        return annotation
    shape: Any = _Shape(inner).type
    if annotation is inner:
        return shape
    return tuple.__class_getitem__((shape, ...)) if Ellipsis in get_args(annotation) else shape | None


_SHAPES = {kind.kind: _Shape(kind) for kind in KINDS}
