"""Static files of the theme: addresses that change with what is in a file, and with what it imports."""

import re
from pathlib import Path

import pytest
from tiny import NOW, TinySite

from portal.build.theme import BrokenImport, BrokenTemplate, Theme


def _theme(tiny: TinySite, **scripts: str) -> Theme:
    """The theme of a site that has scripts of its own, `a` as a.js."""
    for name, text in scripts.items():
        tiny.write(f"theme/static/{name.replace('_', '-')}.js", text)
    return Theme(tiny.portal().settings)


def _published(theme: Theme, name: str) -> tuple[str, str]:
    """The address of a file, and its text."""
    path, data = theme.static[name]
    return path, data.decode()


def _file(theme: Theme, name: str) -> str:
    return Path(theme.static[name][0]).name


def test_scripts_import_each_other_by_their_published_names(tiny: TinySite) -> None:
    """However an import is written, the published script names the published file; words that only look like one stay."""
    code = """// import "./low.js" is not one, and here neither:
import { low } from "./low.js";
import {
  one,
  other as more,
} from './low.js';
import "./bare-one.js";
import every, * as all from "./low.js"
export { low } from "./low.js";
export * from "./low.js";
export const text = 'from "./low.js"';
export function f() { return "./low.js"; }
import absolute from "/theme/elsewhere.js";
"""
    theme = _theme(tiny, high=code, low="export const low = 1;", bare_one="")
    low, bare = _file(theme, "low.js"), _file(theme, "bare-one.js")
    assert re.fullmatch(r"low\.[0-9a-f]{8}\.js", low)
    assert (
        _published(theme, "high.js")[1]
        == f"""// import "./low.js" is not one, and here neither:
import {{ low }} from "./{low}";
import {{
  one,
  other as more,
}} from './{low}';
import "./{bare}";
import every, * as all from "./{low}"
export {{ low }} from "./{low}";
export * from "./{low}";
export const text = 'from "./low.js"';
export function f() {{ return "./low.js"; }}
import absolute from "/theme/elsewhere.js";
"""
    )


def test_a_changed_module_changes_the_address_of_all_that_import_it(tiny: TinySite) -> None:
    """Through any number of steps; what does not import it keeps its address."""
    chain = {"top": 'import "./middle.js";', "middle": 'import "./low.js";', "low": "1;", "beside": "2;"}
    before = _theme(tiny, **chain)
    after = _theme(tiny, low="3;")
    for name in ("top", "middle", "low"):
        assert _file(before, f"{name}.js") != _file(after, f"{name}.js")
    assert _file(before, "beside.js") == _file(after, "beside.js")
    assert _file(_theme(tiny, low="1;"), "top.js") == _file(before, "top.js")


def test_a_site_replaces_one_module_of_the_portal(tiny: TinySite) -> None:
    """A file of the same name in the site's own theme/ stands in for the portal's, and the portal's scripts import it."""
    before = Theme(tiny.portal().settings)
    name, imported = next(
        (name, found[1])
        for name, (_, data) in before.static.items()
        if (
            found := re.search(
                r'^import .*"\./([\w-]+)\.[0-9a-f]{8}\.js";$', data.decode(errors="ignore"), re.MULTILINE
            )
        )
    )
    text = "export const own = 1;"
    after = _theme(tiny, **{imported: text})
    assert _published(after, f"{imported}.js")[1] == text
    assert _file(after, f"{imported}.js") in _published(after, name)[1]
    assert _file(after, "style.css") == _file(before, "style.css")


@pytest.mark.parametrize(
    ("scripts", "words"),
    [
        ({"a": 'import "./b.js";'}, "a.js imports b.js, which is in no theme/static"),
        ({"a": 'import "../b.js";'}, "a.js imports ../b.js"),
        ({"a": 'import "./a.js";'}, "a.js → a.js"),
        ({"a": 'import "./b.js";', "b": 'export * from "./c.js";', "c": 'import "./b.js";'}, "b.js → c.js → b.js"),
    ],
    ids=["missing", "outside", "itself", "circle"],
)
def test_a_missing_module_or_a_circle_stops_the_build(scripts: dict[str, str], words: str, tiny: TinySite) -> None:
    """Both are faults of the theme's author, told in English with the names."""
    tiny.entry("e")
    for name, text in scripts.items():
        tiny.write(f"theme/static/{name}.js", text)
    with pytest.raises(BrokenImport, match=re.escape(words)):
        tiny.portal().prepare(NOW)


def test_the_search_page_asks_early_for_every_module(tiny: TinySite) -> None:
    """The page names all modules that its script and its engine import, so that none is found out one after another."""
    tiny.entry("e")
    prepared = tiny.portal().prepare(NOW)
    page = next(page for page in prepared.pages if page.template == "search.html")
    html = prepared.theme.render(page).decode()
    hinted = re.findall(r'<(?:link rel="modulepreload" href|script type="module" src)="/theme/([^"]+)"', html)
    names = {"search.js", "search-worker.js"}
    for name in sorted(names):
        waiting = [name]
        while waiting:
            data = prepared.theme.static[waiting.pop()][1].decode()
            for file in re.findall(r'^(?:import|export)\b[^"\n]*"\./([^"]+)"', data, re.MULTILINE):
                source = re.sub(r"\.[0-9a-f]{8}(?=\.js$)", "", file)
                if source not in names:
                    names.add(source)
                    waiting.append(source)
    assert sorted(hinted) == sorted(_file(prepared.theme, name) for name in names)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>\n{{ nosuch }}</p>", "模板 office.html 第 2 行出错：'nosuch' is undefined。"),
        ("<p>\n{% if %}</p>", "模板 office.html 第 2 行出错：Expected an expression"),
        ("<p>{{ view.chrome.nosuch }}</p>", "模板 office.html 第 1 行出错："),
    ],
)
def test_a_broken_template_is_named_with_its_line(tiny: TinySite, text: str, said: str) -> None:
    """The innermost of those that include each other; a sentence, not a traceback, in a worker, too."""
    tiny.write("theme/templates/base.html", "\n" * 9 + '{% include "office.html" %}')
    tiny.write("theme/templates/office.html", text)
    for number in range(4):
        tiny.news(f"n{number}")
    with pytest.raises(BrokenTemplate, match=re.escape(said)):
        tiny.build()


def test_a_template_that_is_missing_is_named(tiny: TinySite) -> None:
    """Where it is included."""
    tiny.write("theme/templates/base.html", '\n{% include "nosuch.html" %}')
    tiny.news("n")
    with pytest.raises(BrokenTemplate, match=r"base\.html 第 2 行出错：'?nosuch\.html"):
        tiny.build()
