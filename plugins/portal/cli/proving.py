"""recall: the proof that search finds exactly what the records hold."""

import sys
import tempfile
from pathlib import Path

import click

from portal import __version__, clock
from portal.cli.settings import load
from portal.inspection.recall import BrowserMissing, prove


@click.command()
@click.option("--queries", type=click.IntRange(1), default=2000, show_default=True, help="问多少个问题。")
@click.option("--seed", default=__version__, show_default=True, help="抽样的种子；每个版本默认不同。")
def recall(queries: int, seed: str) -> None:
    """在真实的浏览器里用网站的搜索逐一提问，与记录原文比对，列出漏检和误检。全部正确时退出码为 0。"""
    with tempfile.TemporaryDirectory(prefix="portal-recall-") as scratch:
        folder = Path(scratch) / "site"
        portal = load(OUTPUT_PATH=str(folder), PORTAL_QUIET=True)
        prepared = portal.build(clock.read())
        try:
            proof = prove(prepared.site, folder, seed, queries)
        except BrowserMissing as error:
            raise click.ClickException(str(error)) from error
    for wrong in proof.wrong:
        click.echo(f"“{wrong.query}”：应有 {wrong.wanted} 条，漏 {len(wrong.missed)}，误 {len(wrong.added)}")
        for sign, urls in (("漏", wrong.missed), ("误", wrong.added)):
            for url in sorted(urls)[:5]:
                click.echo(f"    {sign} {url}")
    click.echo(f"问题 {proof.asked} 个，其中有结果的 {proof.answered} 个，共 {proof.results} 条结果。")
    click.echo(f"漏检 {proof.missed}，误检 {proof.added}")
    sys.exit(1 if proof.wrong else 0)
