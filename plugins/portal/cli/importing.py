"""import regulations, import article: material that exists already becomes records."""

import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from portal import clock
from portal.cli.building import Time
from portal.cli.writing import checked_title
from portal.imports.article import ArticleSettings, article_status
from portal.imports.findings import Unreadable
from portal.imports.folders import import_article, import_regulations
from portal.imports.report import print_report
from portal.imports.vocabulary import Additions, add_prefixes, append_items, vocabulary_additions
from portal.problems import nearest
from portal.records.repository import read_repository
from portal.records.types import Channel
from portal.records.values import Identifier, Line, Url, refusal
from portal.records.vocabulary import Vocabulary

_WHEN = click.option("--date", "when", type=Time(), help="公众能看到的时间，写入发布日期；不给时为现在。")


@click.group(name="import")
def imports() -> None:
    """导入已有的材料：行政法规文件夹，或一篇文章。"""


@imports.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_WHEN
@click.option("--verbose", is_flag=True, help="把自动规整的每一行也列出来。")
def regulations(source: Path, when: datetime | None, verbose: bool) -> None:
    """把一个文件夹的行政法规（Markdown）导入为公开目录条目，最后列出读到、缺少和没有读懂的。"""
    site = _site()
    _vocabulary(site)  # it is extended at the end: a list that cannot be read must stop the import before it writes
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("读取", total=None)
        done = import_regulations(
            source,
            site,
            when or clock.read().replace(second=0),
            progress=lambda at, total: progress.update(task, completed=at, total=total),
        )
    _extend_vocabulary(site, vocabulary_additions(done.entries))
    # A file or a pipe has no width of its own; rich would cut the table's notes at 80 columns.
    print_report(done.report, Console(width=None if sys.stdout.isatty() else 200), verbose=verbose)


@imports.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_WHEN
@click.option("--publisher", help="发布机构；不给时为本站主办单位。")
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]), default=Channel.WORK.value)
@click.option("--title", help="标题；文中读不出时要给。")
@click.option("--source", "origin", help="来源：原发布单位。")
@click.option("--source-url", help="来源网址。")
@click.option("--id", "identifier", help="网址里的编号。")
def article(
    source: Path,
    when: datetime | None,
    publisher: str | None,
    channel: str,
    title: str | None,
    origin: str | None,
    source_url: str | None,
    identifier: str | None,
) -> None:
    """把一篇粘贴来的文章导入为新闻发布；有损坏的文字逐处列出，并存为草稿，不照样发布。"""
    site = _site()
    for option, kind, value in (
        ("--id", Identifier, identifier),  # it becomes the name of a file
        ("--source", Line, origin),
        ("--source-url", Url, source_url),
    ):
        if value is not None and (why := refusal(kind, value)):
            raise click.ClickException(f"{option}：{why}没有写入任何文件。")
    title = None if title is None else checked_title(title)
    vocabulary = _vocabulary(site)
    publisher = publisher or vocabulary.identity.organ
    if publisher not in vocabulary.organ_by_name:
        hint = nearest(publisher, vocabulary.organ_by_name)
        what = f"--publisher：catalog/organs.yaml 中没有“{publisher}”这个机构{hint}。"
        raise click.ClickException(f"{what}请改用表中的机构，或先登记它。没有写入任何文件。")
    settings = ArticleSettings(
        publisher=publisher,
        channel=channel,
        title=title,
        source=origin,
        source_url=source_url,
        id=identifier,
    )
    try:
        read, path, state = import_article(source, site, when or clock.read().replace(second=0), settings)
    except Unreadable as error:
        raise click.ClickException(str(error.finding)) from error
    for finding in sorted(read.findings):
        click.echo(str(finding))
    status = article_status(read, settings)
    said = {"written": "已写入", "unchanged": "没有变化", "kept": "编辑改过，没有覆盖"}[state]
    click.echo(f"{said}：{path}　状态：{status}　发现 {len(read.findings)} 处。")
    if status == "草稿":
        click.echo("文字有损坏或来源、标题不明，存为草稿；请改好后把“状态”改为“已发布”。")


def _site() -> Path:
    site = Path.cwd()
    if not (site / "catalog" / "site.yaml").is_file():
        raise click.ClickException("这里不是站点文件夹（没有 catalog/site.yaml）。请用 portal -C 站点文件夹 import …")
    return site


def _vocabulary(site: Path) -> Vocabulary:
    vocabulary = read_repository(site).vocabulary
    if vocabulary is None:
        raise click.ClickException("catalog/ 里的词表读不出来，请先运行 portal check。没有写入任何文件。")
    return vocabulary


def _extend_vocabulary(site: Path, additions: Additions) -> None:
    """Add the words that the imported records use; what editors wrote in these files is not touched."""
    lists = {
        "organs.yaml": additions.organs,
        "themes.yaml": additions.themes,
        "genres.yaml": additions.genres,
        "columns.yaml": additions.columns,
    }
    for name, items in lists.items():
        path = site / "catalog" / name
        path.write_text(append_items(path.read_text(encoding="utf-8"), items), encoding="utf-8")
    path = site / "catalog" / "site.yaml"
    try:
        path.write_text(add_prefixes(path.read_text(encoding="utf-8"), additions.index_prefixes), encoding="utf-8")
    except ValueError:
        prefixes = "、".join(str(item["前缀"]) for item in additions.index_prefixes)
        click.echo(f"请在 catalog/site.yaml 的“索引号例外前缀”中加上：{prefixes}", err=True)
