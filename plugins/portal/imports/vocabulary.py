"""The controlled words that imported regulations need, and how they are added to a site's vocabulary files."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pypinyin import lazy_pinyin

from portal.imports.entries import Entry, Settings, genre
from portal.imports.naming import PREFIX
from portal.imports.regulations import MAKER

Item = dict[str, str | list[str]]
_OFFICIAL = {"决定", "通知", "命令（令）"}  # 党政机关公文处理工作条例 art. 8


@dataclass(frozen=True, slots=True)
class Additions:
    """Items for catalog/*.yaml under their Chinese keys. An item is needed only if its 名称 (前缀) is not there yet.

    Organs have no 统一社会信用代码: the sources do not state it, and many no longer exist.
    """

    organs: tuple[Item, ...]
    themes: tuple[Item, ...]
    genres: tuple[Item, ...]
    columns: tuple[Item, ...]
    index_prefixes: tuple[Item, ...]


def vocabulary_additions(entries: Iterable[Entry], settings: Settings | None = None) -> Additions:
    """What the entries refer to, sorted by name."""
    settings = settings or Settings()
    entries = list(entries)
    makers = sorted({e.regulation.maker for e in entries})
    genres = sorted({genre(e.regulation.title) for e in entries})
    return Additions(
        organs=tuple(_organ(name) for name in makers),
        themes=({"编号": _slug(settings.theme), "名称": settings.theme},),
        genres=tuple(
            {"编号": _slug(name), "名称": name, "法定文种": "是" if name in _OFFICIAL else "否"} for name in genres
        ),
        columns=(
            {
                "编号": _slug(settings.column),
                "名称": settings.column,
                "板块": "法定主动公开内容",
                "依据": "条例第二十条第（一）项",
                "栏目类型": "政策文件",
                "说明": "集中录入的行政法规，供查阅；标准文本以《中华人民共和国国务院公报》刊登的为准。",
                "关键词": ["行政法规", "国务院令"],
            },
        ),
        index_prefixes=(
            {"前缀": PREFIX, "说明": "批量导入的行政法规的本站流水号，不是制定机关编制的索引号，不具官方效力。"},
        ),
    )


def _organ(name: str) -> Item:
    item: Item = {"编号": _slug(name), "名称": name}
    if name == MAKER:
        item["前身"] = ["中央人民政府政务院", "政务院"]
    return item | {"说明": "所录行政法规的制定（发布）机关；统一社会信用代码未查明。"}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "".join(lazy_pinyin(name, errors=lambda _: "-")).lower()).strip("-")


def append_items(text: str, items: Sequence[Item]) -> str:
    """A vocabulary file (a YAML list) with the items added whose name it does not know, as name, 简称 or 前身.

    What stands there is not touched, comments included. An 编号 that is taken gets `-2`, `-3`.
    Raises yaml.YAMLError when the text is not well-formed and ValueError when it is no list.
    """
    loaded = yaml.load(text, Loader=yaml.BaseLoader) or []  # noqa: S506 - BaseLoader builds strings only
    if not isinstance(loaded, list):
        raise ValueError("not a list")
    names, ids = set(_known(loaded, _NAMES)) - _ambiguous(loaded), set(_known(loaded, _IDS))
    added = []
    for item in items:
        if item["名称"] in names:
            continue
        number, id_ = 1, str(item["编号"])
        while id_ in ids:
            number += 1
            id_ = f"{item['编号']}-{number}"
        ids.add(id_)
        added.append(item | {"编号": id_})
    if not added:
        return text
    head = text if loaded else re.sub(r"^\[\s*\]\s*$", "", text, flags=re.MULTILINE)
    return head.rstrip("\n") + ("\n" if head.strip() else "") + _dump(added)


def _ambiguous(loaded: list[Any]) -> set[str]:
    """Names that stand below several items and are no item's own: alone they name nothing, and are not known."""
    items = [item for item in loaded if isinstance(item, dict)]
    below = Counter(_known([item.get("下级") or item.get("children") for item in items], _NAMES))
    return {name for name, count in below.items() if count > 1} - {i.get("名称") or i.get("name") for i in items}


def add_prefixes(text: str, items: Sequence[Item]) -> str:
    """catalog/site.yaml with the 索引号例外前缀 added that it lacks; nothing else is touched.

    Raises yaml.YAMLError when the text is not well-formed and ValueError when the field is no block list.
    """
    loaded = yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506 - BaseLoader builds strings only
    key = "index_prefixes" if "index_prefixes" in loaded else "索引号例外前缀"
    present = loaded.get(key) or []
    known = set(_known(present, ("前缀", "prefix")))
    added = [item for item in items if item["前缀"] not in known]
    if not added:
        return text
    block = "".join(f"  {line}\n" for line in _dump(added).splitlines())
    field = re.search(
        rf"^{key}:[ \t]*(?:\[\s*\])?[ \t]*\n(?P<items>(?:[ \t]*-[ ].*\n|[ \t]+.*\n)*)", f"{text}\n", re.MULTILINE
    )
    if field is None:
        if key in loaded:
            raise ValueError(f"{key} is not a block list")
        return f"{text.rstrip()}\n{key}:\n{block}"
    if present:
        # New items line up with those that stand there.
        indent = re.match(r"[ \t]*", field["items"])
        block = "".join(f"{indent[0] if indent else ''}{line[2:]}\n" for line in block.splitlines())
    rest = f"{text}\n"[field.end() :].removesuffix("\n")
    return text[: field.start()] + f"{key}:\n{field['items']}{block}{rest}"


_NAMES = ("名称", "name", "简称", "short", "前身", "predecessors")
_IDS = ("编号", "id")


def _known(node: object, keys: Sequence[str]) -> Iterable[str]:
    """All values of these keys at any depth (themes and columns have items below items)."""
    if isinstance(node, list):
        for item in node:
            yield from _known(item, keys)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in keys:
                yield from [value] if isinstance(value, str) else map(str, value)
            else:
                yield from _known(value, keys)


def _dump(items: Sequence[Item]) -> str:
    text: str = yaml.safe_dump(list(items), allow_unicode=True, sort_keys=False, width=1_000_000)
    return text
