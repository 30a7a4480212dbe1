"""Writing a record's text: YAML front matter with Chinese keys, then the Markdown body.

The reader takes every scalar as a string. Written here is what any YAML reader would also take as that string, but for
dates, which stay unquoted as editors write them.

A comment at the end of the front matter names the source file and seals what the importer wrote, so that a later
import can tell an editor's change from its own text.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

Value = str | Sequence[str]
_SEAL = re.compile(r"^# 由 portal import 根据 (?P<source>.*) 生成；校验值 (?P<digest>[0-9a-f]{16})\n", re.MULTILINE)


class _Dumper(yaml.SafeDumper):
    """Safe, indenting lists under their key; dates are plain because the portal reads strings."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def record_text(fields: Mapping[str, Value | None], body: str, source: str) -> str:
    """The record as the text of its file. Fields that are None or empty are left out; the order is kept.

    `source` is the name of the file that it was made from.
    """
    kept = {key: value if isinstance(value, str) else list(value) for key, value in fields.items() if value}
    head: str = yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", "", source)
    text = f"---\n{head}---\n" + (f"\n{body}" if body else "")
    seal = f"# 由 portal import 根据 {name} 生成；校验值 {_digest(text)}\n"
    return f"---\n{head}{seal}---\n" + (f"\n{body}" if body else "")


def untouched(text: str) -> bool:
    """Whether the text of a file is still exactly what an import wrote."""
    text = text.replace("\r\n", "\n")
    seal = _SEAL.search(text)
    return seal is not None and seal["digest"] == _digest(text[: seal.start()] + text[seal.end() :])


def imported(text: str) -> bool:
    """Whether an import once wrote the file, touched since or not."""
    return _SEAL.search(text) is not None


def read_fields(text: str) -> dict[str, str]:
    """The one-line fields of a record's front matter as strings; empty for a text without front matter or with broken
    YAML, which the portal's own reader reports."""
    m = re.match(r"---\n(.*?)^---[ \t]*$", text.replace("\r\n", "\n"), re.DOTALL | re.MULTILINE)
    if m is None:
        return {}
    try:
        # BaseLoader builds strings, lists and mappings only.
        loaded = yaml.load(m[1], Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {key: value for key, value in loaded.items() if isinstance(key, str) and isinstance(value, str)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
