"""The command `portal`: the edge where people, the clock and the file system come in.

Everything that a command says to editors and operators is Chinese; its options are documented in Chinese, too.
"""

import gc
import io
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from portal import __version__
from portal.problems import ProblemsFound, Stopped

_COMMANDS = {
    "build": "building:build",
    "publish": "building:publish",
    "rollback": "building:rollback",
    "check": "building:check",
    "due": "building:due",
    "recall": "proving:recall",
    "serve": "serving:serve",
    "init": "writing:init",
    "new": "writing:new",
    "import": "importing:imports",
}
"""Each command and the function that is it: loaded when it is asked for, since a build should not wait for the others."""


class _Group(click.Group):
    """Loads the command that is asked for, and turns what the portal raises into a message on standard error and exit code 1,
    never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command = getattr(import_module(f"portal.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        _escape_what_cannot_be_printed()
        try:
            return super().invoke(ctx)
        except ProblemsFound as error:
            click.echo(str(error), err=True)
            click.echo("有阻断的问题，没有生成网站；已发布的网站没有改动。", err=True)
        except Stopped as error:
            click.echo(str(error), err=True)
        except BrokenPipeError:
            raise  # `portal … | head`: click ends quietly
        except OSError as error:
            names = "、".join(str(name) for name in (error.filename, error.filename2) if name is not None)
            reason = error.strerror or str(error)
            click.echo(f"{names or '文件'} 读写不了：{reason}。请检查磁盘空间和权限后再运行一次。", err=True)
            if ".cache" in names:
                click.echo("这是缓存：请把 .cache 的属主改为运行本程序的用户，或者整个删去，网站不受影响。", err=True)
        sys.exit(1)


def run() -> None:
    """The program `portal`: as `main`, but it ends at once, and does not look for garbage before. To give back the memory of
    ten thousand records piece by piece takes a quarter of a second, and to look through it half of that."""
    gc.disable()
    code: object = 0
    held: list[object] = []  # what a command has made, and would give back as it returns
    try:
        main(obj=held)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1 if code else 0)


def _escape_what_cannot_be_printed() -> None:
    r"""Print a path that is not UTF-8, or a character that the terminal lacks, as \udcb9: never end for it."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # standard error does so by itself
        sys.stdout.reconfigure(errors="backslashreplace")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", type=click.Path(path_type=Path), default=".", help="先进入该站点文件夹，如同 git -C。")
@click.version_option(__version__)
def main(folder: Path) -> None:
    """政府信息公开门户：检查、生成、发布。"""
    if folder != Path() and not folder.is_dir():
        raise click.ClickException(f"没有文件夹 {folder}。新站请运行 portal init {folder}")
    os.chdir(folder)
