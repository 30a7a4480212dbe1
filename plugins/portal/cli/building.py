"""build, publish, rollback, check, due."""

import itertools
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import click

from portal import clock
from portal.build import ledger
from portal.build.difference import Difference, difference
from portal.cli.settings import load
from portal.inspection.withdrawals import returning
from portal.problems import Problem, ProblemsFound, blocking, render
from portal.records.repository import read_repository
from portal.site.due import changes


class Time(click.ParamType[datetime]):
    name = "时间"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else clock.parse_minute(str(value))
        except ValueError:
            self.fail(f"“{value}”不是可用的时间，请写作 '2026-12-15 09:00'。", param, ctx)


AT = click.option("--at", "moment", type=Time(), help="按该时刻生成，要同时给出 --output 或 --diff。")


@click.command()
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="写到该文件夹，不发布。")
@AT
@click.option("--diff", is_flag=True, help="只列出会出现、改变、消失的网页，不生成网站。")
@click.option("--timings", is_flag=True, help="最后列出各阶段用时。")
def build(output: Path | None, moment: datetime | None, diff: bool, timings: bool) -> None:
    """检查并生成网站，换上 output/。"""
    overrides: dict[str, Any] = {"OUTPUT_PATH": str(output.resolve())} if output else {}
    portal = load(**overrides)
    if output and portal.releases.holds(output):
        raise click.ClickException("--output 不能是已发布的文件夹。")
    if moment and not output and not diff:
        raise click.ClickException(
            "按另一个时刻生成的网站不能发布（将来的含有尚未公开的内容）：请用 --output 指定另外的文件夹。"
        )
    if diff:
        # A difference is told as it will be published, without the banner of a preview.
        prepared = portal.prepare(moment or clock.read())
        _show(difference(prepared, portal.releases.current(), portal.fingerprints(prepared)))
        return
    with portal.turn():
        now = clock.read()
        at = moment or now
        mark = f"预览：{clock.format_minute(at)} 的网站" if at > now else ""
        prepared = portal.build(at, mark=mark, strict=bool(portal.settings.get("PORTAL_STRICT")))
    _remind(prepared.problems)
    click.echo(f"已生成 {len(prepared.pages)} 个网页：{portal.output_path}")
    if timings:
        click.echo("\n".join(portal.timings.lines()))


def _show(found: Difference) -> None:
    for sign, paths in (("+", found.appear), ("~", found.change), ("-", found.leave)):
        for path in paths:
            click.echo(f"{sign} /{path.removesuffix('index.html')}")
    click.echo(f"新增 {len(found.appear)}，改变 {len(found.change)}，消失 {len(found.leave)}。")


@click.command()
@click.option("--no-commit", is_flag=True, help="更新 catalog/published.tsv，但不提交到 git。")
def publish(no_commit: bool) -> None:
    """检查、生成、检验成品并发布；登记网址到 catalog/published.tsv。"""
    portal = load(production=True)
    # Reading the list, publishing and writing the list are one turn: a second publisher would lose the first one's lines.
    with portal.turn():
        now = clock.read()
        prepared = portal.build(now, strict=True)
        promises = ledger.update(prepared.promises, portal.promised(prepared, now))
        changed = _write(portal.root / ledger.PATH, ledger.render(promises).encode())
        if changed and not no_commit:
            _commit(Path(ledger.PATH))
    _remind(prepared.problems)
    click.echo(f"已发布 {len(prepared.pages)} 个网页，登记网址 {len(promises)} 个。")


def _write(path: Path, data: bytes) -> bool:
    """Replace a file whole, so that a full disk cannot cut the list short; False when it holds the bytes already."""
    if path.read_bytes() == data:
        return False
    new = path.with_name(f".{path.name}-new")
    new.write_bytes(data)
    os.replace(new, path)
    return True


def _commit(path: Path) -> None:
    """Commit the list alone. Publishing has happened; a commit that fails is said, not hidden."""
    if shutil.which("git") is None:
        click.echo(f"没有安装 git，{path} 没有提交。", err=True)
        return
    inside = subprocess.run(["git", "rev-parse", "--is-inside-work-tree"], capture_output=True, text=True, check=False)
    if inside.returncode:
        click.echo(f"这里不是 git 仓库，{path} 没有提交。", err=True)
        return
    add = subprocess.run(["git", "add", "--", str(path)], capture_output=True, text=True, check=False)
    command = ["git", "commit", "--quiet", "-m", "登记已发布的网址", "--", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if add.returncode or done.returncode:
        click.echo(f"网站已发布，但 {path} 没有提交成功，请手工提交：{(add.stderr or done.stderr).strip()}", err=True)


@click.command()
@click.option("--yes", is_flag=True, help="确认退回，即使这以后撤回的信息会因此重新公开。")
def rollback(yes: bool) -> None:
    """退回上一个版本的网站。"""
    releases = load(PLUGINS=[]).releases
    releases.before()  # where nothing was ever published there is nothing to hold either
    with releases.locked():
        older, current = releases.before(), releases.current()
        back = returning(current, older) if current else []
        if back and not yes:
            listed = "\n".join(f"  {address}" for address in back)
            raise click.ClickException(
                f"没有退回。下列信息在版本 {older.name} 之后撤回，退回会让它们重新公开：\n{listed}\n"
                "因涉密、隐私撤回的不要退回，请改正记录后重新发布；确认可以重新公开的，请加 --yes 再运行。"
            )
        release = releases.rollback()
    click.echo(f"已退回版本 {release.name}。再次生成会发布最新内容。")


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="输出格式。")
@click.option("--at", "moment", type=Time(), help="按该时刻检查，默认为现在。")
def check(form: Literal["text", "json", "github"], moment: datetime | None) -> None:
    """检查全部记录、附件和转址，与生成网站时的检查相同，但不生成。有阻断的问题时退出码为 1。"""
    problems, _ = load().examine(moment or clock.read())
    text = render(problems, form)
    if text:
        click.echo(text)
    sys.exit(1 if blocking(problems) else 0)


@click.command()
@click.option("--all", "every", is_flag=True, help="列出以后的全部变化。")
def due(every: bool) -> None:
    """网站下一次因时间而变化是什么时候：定时发布、施行、失效。供定时任务使用。"""
    repository = read_repository(Path.cwd())
    if stopped := blocking(repository.problems):
        # A cron job that trusted an empty answer would sleep through a scheduled release.
        raise ProblemsFound(stopped)
    found = changes(repository.records, clock.read())
    listed = list(found if every else itertools.islice(found, 1))
    if not listed:
        click.echo("没有等待时间的变化。", err=True)
    for each in listed:
        click.echo(f"{clock.format_minute(each.at)}\t{each.what}\t{each.path}\t{each.title}")


def _remind(problems: tuple[Problem, ...]) -> None:
    if problems:
        click.echo(render(problems, "text"), err=True)
