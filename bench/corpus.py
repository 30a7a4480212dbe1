"""The yardstick's articles as a portal: a site's folder with one disclosure entry for each.

The generator stands in ../shared/bench (or in YARDSTICK): deterministic, about 1,500 characters an article, made of
repeated phrases, which is the worst case for an index of phrases.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from portal import HOME
from portal.build import ledger

YARDSTICK = Path(os.environ.get("YARDSTICK", HOME.parent / "shared" / "bench"))

GENRES = {"notices": "公告", "policies": "办法", "press": "通报", "interpretations": "解读", "messages": "答复"}

_LINK = re.compile(r"\]\(/[a-z]+/(t[0-9-]+)\.html\)")

_SITE = {
    "网站名称": "量具门户", "主办单位": "市人民政府办公室", "网址": "https://www.bench.example", "网站标识码": "占位",
    "ICP备案号": "占位", "公安备案号": "占位", "党政机关网站标识": "占位", "网站描述": "量速度用的网站。", "办公地址": "量具路1号",
    "办公时间": "工作日", "联系电话": "0000-0000000", "电子邮箱": "office@bench.example", "公开工作机构": "市人民政府办公室",
    "索引号例外前缀": [{"前缀": "11000000MB00000001", "说明": "量具"}],
}  # fmt: skip


def articles(number: int, work: Path) -> list[dict[str, Any]]:
    """The yardstick's articles, made once in a folder."""
    data = work / f"data-{number}"
    if not (data / "articles.jsonl").is_file():
        subprocess.run([sys.executable, str(YARDSTICK / "generate.py"), str(number), str(data)], check=True)
    return [json.loads(line) for line in (data / "articles.jsonl").read_text(encoding="utf-8").splitlines()]


def write_site(found: list[dict[str, Any]], root: Path) -> None:
    """A site's folder with these articles, replacing what stands there."""
    shutil.rmtree(root, ignore_errors=True)
    for path, text in _files(found):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for folder in ("content/files", "content/news", "content/interpretations", "content/pages"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(HOME / name, root / name)


def path_of(article: Mapping[str, Any]) -> str:
    """Where an article stands in the site's folder."""
    return f"catalog/entries/{article['date'][:4]}/{article['slug']}.md"


def _files(found: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    departments = sorted({each["department"] for each in found} | {_SITE["主办单位"]})
    topics = sorted({topic for each in found for topic in each["topics"]})
    categories = sorted({each["category"] for each in found})
    yield "catalog/site.yaml", _yaml(_SITE)
    yield "catalog/organs.yaml", _yaml([{"编号": f"organ-{n}", "名称": name} for n, name in enumerate(departments)])
    yield "catalog/themes.yaml", _yaml([{"编号": f"theme-{n}", "名称": name} for n, name in enumerate(topics)])
    genres = [{"编号": category, "名称": GENRES[category]} for category in categories]
    yield "catalog/genres.yaml", _yaml(genres)
    yield "catalog/columns.yaml", _yaml([{"编号": "files", "名称": "文件", "栏目类型": "政策文件"}])
    yield ledger.PATH, ledger.HEADER + "\n"
    for each in found:
        head = {
            "标题": each["title"], "状态": "已发布", "发布日期": f"{each['date']} 09:00", "发布机构": each["department"],
            "索引号": f"11000000MB00000001/{each['date'][:4]}-{each['id']:05}", "发文字号": each["doc_number"], "体裁分类": GENRES[each["category"]],
            "栏目": "文件", "成文日期": each["date"], "公开方式": "主动公开", "主题分类": each["topics"], "内容概述": each["summary"],
        }  # fmt: skip
        body = _LINK.sub(r"](/entries/\1/)", each["body"])
        yield path_of(each), f"---\n{_yaml(head)}---\n\n{body}\n"


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
