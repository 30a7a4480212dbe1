"""The yardstick's articles, and the same articles as a portal: a site's folder with one disclosure entry for each.

The generator is deterministic: about 1,500 characters an article, made of repeated phrases, which is the worst case for
an index of phrases.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from portal import HOME
from portal.build import ledger

HERE = Path(__file__).resolve().parent
GENERATOR = HERE / "yardstick" / "generate.py"

CATEGORIES = {
    "notices": "通知公告",
    "policies": "政策文件",
    "interpretations": "政策解读",
    "press": "新闻发布",
    "messages": "互动回应",
}
"""The peers' categories, in the order of their navigation; the portal's columns."""

DEPARTMENTS = (
    "市人民政府办公室", "市发展和改革委员会", "市教育局", "市科学技术局", "市工业和信息化局", "市公安局", "市民政局", "市财政局",
    "市人力资源和社会保障局", "市自然资源局", "市生态环境局", "市住房和城乡建设局", "市交通运输局", "市卫生健康委员会",
    "市市场监督管理局",
)  # fmt: skip
"""The peers' departments, in the order of their foot; the portal's organs."""

GENRES = {"notices": "公告", "policies": "办法", "press": "通报", "interpretations": "解读", "messages": "答复"}

PREFIX = "11000000MB00000001"
"""Of every 索引号: declared as an exception, since the articles' own numbers are not of the form that the rules ask for."""

_LINK = re.compile(r"\]\(/[a-z]+/(t[0-9-]+)\.html\)")

_SITE = {
    "网站名称": "某市人民政府信息公开", "主办单位": "某市人民政府办公室", "网址": "https://www.example.gov.cn", "网站标识码": "3700000000",
    "ICP备案号": "某ICP备00000000号", "公安备案号": "占位", "党政机关网站标识": "占位", "网站描述": "量速度用的网站。", "办公地址": "量具路1号",
    "办公时间": "工作日", "联系电话": "0000-0000000", "电子邮箱": "office@example.gov.cn", "公开工作机构": "某市人民政府办公室",
    "索引号例外前缀": [{"前缀": PREFIX, "说明": "量具"}],
}  # fmt: skip


def articles(number: int, work: Path) -> list[dict[str, Any]]:
    """The yardstick's articles, made once in a folder, where the peers' trees stand beside them."""
    data = work / f"data-{number}"
    if not (data / "articles.jsonl").is_file():
        subprocess.run([sys.executable, str(GENERATOR), str(number), str(data)], check=True)
    return [json.loads(line) for line in (data / "articles.jsonl").read_text(encoding="utf-8").splitlines()]


def write_site(found: list[dict[str, Any]], root: Path) -> None:
    """A site's folder with these articles and the portal's own pages, replacing what stands there."""
    write_content(found, root, own_text)
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(HOME / name, root / name)


def own_text(article: Mapping[str, Any]) -> str:
    """An article as a record of the portal's own pages; what its life made of it is kept under `entry`."""
    head = {**fields(article), **article.get("entry", {})}
    body = _LINK.sub(r"](/entries/\1/)", article["body"])
    return entry_text({name: value for name, value in head.items() if value is not None}, body)


def write_content(found: list[dict[str, Any]], root: Path, text: Callable[[Mapping[str, Any]], str]) -> None:
    """catalog/ and content/ of a site, replacing what stands in its folder; `text` makes an article's file."""
    shutil.rmtree(root, ignore_errors=True)
    for path, words in _vocabularies(found):
        _write(root / path, words)
    for each in found:
        _write(root / path_of(each), text(each))
    for folder in ("content/files", "content/news", "content/interpretations", "content/pages"):
        (root / folder).mkdir(parents=True, exist_ok=True)


def path_of(article: Mapping[str, Any]) -> str:
    """Where an article stands in the site's folder."""
    return f"catalog/entries/{article['date'][:4]}/{article['slug']}.md"


def fields(article: Mapping[str, Any]) -> dict[str, Any]:
    """An article as an entry."""
    return {
        "标题": article["title"], "状态": "已发布", "发布日期": f"{article['date']} 00:00", "发布机构": article["department"],
        "索引号": f"{PREFIX}/{article['date'][:4]}-{article['id'] % 100_000:05}", "发文字号": article["doc_number"],
        "体裁分类": GENRES[article["category"]], "栏目": CATEGORIES[article["category"]], "成文日期": article["date"],
        "公开方式": "主动公开", "主题分类": article["topics"], "内容概述": article["summary"],
    }  # fmt: skip


def entry_text(head: Mapping[str, Any], body: str) -> str:
    """A record's file."""
    return f"---\n{_yaml(dict(head))}---\n\n{body}"


def _vocabularies(found: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    topics = sorted({topic for each in found for topic in each["topics"]})
    yield "catalog/site.yaml", _yaml(_SITE)
    organs = [_SITE["主办单位"], *DEPARTMENTS]
    yield "catalog/organs.yaml", _yaml([{"编号": f"organ-{n}", "名称": name} for n, name in enumerate(organs)])
    yield "catalog/themes.yaml", _yaml([{"编号": f"theme-{n}", "名称": name} for n, name in enumerate(topics)])
    yield "catalog/genres.yaml", _yaml([{"编号": slug, "名称": name} for slug, name in GENRES.items()])
    yield "catalog/columns.yaml", _yaml([{"编号": slug, "名称": name} for slug, name in CATEGORIES.items()])
    yield ledger.PATH, ledger.HEADER + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
