"""serve: the site as editors see it while they write, on loopback only."""

import gc
import signal
from pathlib import Path

import click

from portal.cli.preview import Preview
from portal.problems import render
from portal.serve.server import LoopbackServer


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口。")
@click.option("--public", is_flag=True, help="只显示公众能看到的，不含草稿和定时发布。")
def serve(port: int, public: bool) -> None:
    """在本机浏览器里看网站，保存即更新；草稿和定时发布的也显示并标明，只限本机。"""
    preview = Preview(Path.cwd(), drafts=not public, tell=lambda found: click.echo(render(found, "text"), err=True))
    try:
        server = LoopbackServer(port, preview)
    except OSError as error:
        other = 8001 if port != 8001 else 8002
        what = f"端口 {port} 用不了（多半已被占用），"
        remedy = f"请换一个端口：用 make 的写 make serve PORT={other}，直接运行的写 portal serve --port {other}。"
        raise click.ClickException(what + remedy) from error
    gc.enable()  # between builds: this is the one command that stays
    # A shell that starts it in the background has SIGINT ignored; a supervisor sends SIGTERM. Both end it in good order.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    preview.rebuild()
    preview.watch()
    click.echo(f"网站：http://localhost:{server.port}　（只限本机；按 Ctrl+C 停止）")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("已停止。")
    finally:
        server.server_close()
        preview.close()
