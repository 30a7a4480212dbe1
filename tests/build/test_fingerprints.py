"""Whether a file would come out as it did: nothing that it is made from can change unnoticed."""

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta
from markupsafe import escape, soft_str
from msgspec import structs
from site_model.making import rich
from tiny import NOW, TinySite

import portal
from build.killing import ENVIRONMENT
from portal.build import filters
from portal.build.engine import Portal, Prepared
from portal.build.fingerprints import SIZE, Fingerprints, closure
from portal.build.made import Made
from portal.build.own_code import settings_version
from portal.markup.prose import Prose
from portal.pages.parts import Badge, Link, Page


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Portal, Prepared]:
    """A site with something of everything, planned and not written."""
    site = rich(TinySite(tmp_path_factory.mktemp("planned") / "site")).portal()
    return site, site.prepare(NOW)


NO_CODE = portal.HOME / "theme" / "templates"
"""A site's folder in which there is no Python."""


def make_one(value: Any) -> bytes:
    """A function that makes a file."""
    return repr(value).encode()


def make_other(value: Any) -> bytes:
    """Another one."""
    return str(value).encode()


def of(planned: Page | Made, templates: Mapping[str, str] | None = None, **settings: Any) -> bytes:
    """The fingerprint of one file in a build of its own."""
    return Fingerprints(templates or {}, settings, NO_CODE).of(planned)


# ── views ───────────────────────────────────────────────────────────────────


def variations(value: Any) -> Iterator[Any]:
    """A value with each of the things in it changed, one at a time."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            for each in variations(getattr(value, name)):
                yield structs.replace(value, **{name: each})
    elif isinstance(value, tuple):
        yield (*value, "more")
        if value:
            yield value[:-1]
        for position in {0, len(value) // 2, len(value) - 1} if value else ():
            for each in variations(value[position]):
                yield (*value[:position], each, *value[position + 1 :])
    elif isinstance(value, Prose):
        yield Prose.of(value.markdown + "另")
    elif isinstance(value, dt.datetime):
        yield value + dt.timedelta(minutes=1)
    elif isinstance(value, dt.date):
        yield dt.date(1999, 1, 1)
    elif isinstance(value, bool) or value is None:
        yield "x" if value is None else not value
    elif isinstance(value, int):
        yield value + 1
    else:
        assert isinstance(value, str), type(value)
        yield value + "x"


def test_every_field_of_every_view_counts(built: tuple[Portal, Prepared]) -> None:
    """Of each kind of page one: whatever in its view changes, however deep, changes the fingerprint; no two are alike."""
    site, prepared = built
    fingerprints = site.fingerprints(prepared)
    pages = {type(page.view): page for page in prepared.pages}
    assert len(pages) > 15
    for page in pages.values():
        found = {fingerprints.of(page)}
        count = 1
        for view in variations(page.view):
            found.add(fingerprints.of(structs.replace(page, view=view)))
            count += 1
        assert count > 50
        assert len(found) == count, type(page.view)


def test_every_file_beside_the_pages_has_a_fingerprint_of_its_own(built: tuple[Portal, Prepared]) -> None:
    """Of the same function and other values, and of other functions."""
    site, prepared = built
    fingerprints = site.fingerprints(prepared)
    told = [(each.make, each.value) for each in prepared.files]
    assert len(told) > 10
    found = [fingerprints.of(each) for each in prepared.files]
    assert all((one == other) == (told[i] == told[j]) for i, one in enumerate(found) for j, other in enumerate(found))
    assert {len(each) for each in found} == {SIZE}


def test_equal_values_have_equal_fingerprints(tiny: TinySite) -> None:
    """Two builds of one site, of which each has made its own values, agree on every file, in whatever order they ask."""
    rich(tiny)
    found = []
    for step in (1, -1):
        site = tiny.portal()
        prepared = site.prepare(NOW)
        fingerprints = site.fingerprints(prepared)
        planned: list[Page | Made] = [*prepared.pages, *prepared.files]
        found.append({each.path: fingerprints.of(each) for each in planned[::step]})
    assert found[0] == found[1]


_TOLD = """
import sys
from pathlib import Path
from pelican.settings import read_settings
from portal import clock
from portal.build.engine import Portal

site = Portal(read_settings(sys.argv[1] + "/pelicanconf.py", override={"PORTAL_QUIET": True}))
prepared = site.prepare(clock.parse_minute("2026-06-15 12:00"))
fingerprints = site.fingerprints(prepared)
print(len(prepared.pages), *(fingerprints.of(each).hex() for each in [*prepared.pages, *prepared.files]))
"""


def test_another_process_finds_the_same(tiny: TinySite) -> None:
    """Whatever order Python's sets have there, and wherever its functions lie in memory."""
    tiny.entry("a", "见[乙](/news/b/)。")
    tiny.news("b")
    tiny.write("pelicanconf.py", (tiny.root / "pelicanconf.py").read_text("utf-8") + "JINJA_GLOBALS = {'a': len}\n")
    found = []
    for seed in ("1", "2"):
        command = [sys.executable, "-c", _TOLD, str(tiny.root)]
        environment = ENVIRONMENT | {"PYTHONHASHSEED": seed}
        found.append(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert found[0] == found[1]
    assert int(found[0].split()[0]) > 20


def test_a_value_that_nobody_can_tell_is_refused() -> None:
    """Rather than taken for equal to another: an object has no bytes by which it could be told."""
    with pytest.raises(TypeError, match="object"):
        of(Made("a", make_one, (object(),)))


def test_the_words_of_a_body_are_not_read_for_it() -> None:
    """A body is told by its digest: two with one digest are one, and its file is not opened."""

    def unread() -> str:
        raise AssertionError("read")

    found = of(Made("a", make_one, (Prose("1" * 64, 9, None, unread),)))
    assert found == of(Made("a", make_one, (Prose("1" * 64, 9, None, unread),)))
    assert found != of(Made("a", make_one, (Prose("2" * 64, 9, None, unread),)))


def test_the_function_counts_and_the_path_does_not() -> None:
    """What a file is made by and from: where it lies is the manifest's to know."""
    values: list[Any] = ["1", 1, ("1",), None, Badge("1", "2"), Badge("2", "1"), Link("1", "2")]
    found = [of(Made("a", make, value)) for make in (make_one, make_other) for value in values]
    assert len(set(found)) == len(found)
    assert of(Made("b", make_one, "1")) == found[0]


# ── templates ───────────────────────────────────────────────────────────────

NAMES = ["a.html", "b.html", "c/d.html", "甲.html"]
NAMING = st.sampled_from(
    [
        "{%% extends '%s' %%}", '{%% extends "%s" %%}', "{%%- include '%s' -%%}", "{%%+ include '%s' ignore missing %%}",
        "{%% include '%s' with context %%}", "{%% import '%s' as x %%}", "{%% from '%s' import y %%}",
        "{%%\n  from  '%s'\n  import y as z with context\n%%}", "{%% include '%s' without context %%}", "{%%include '%s'%%}",
        "{%% if x %%}{%% include '%s' %%}{%% endif %%}", "%s", "{{ '%s' }}", "{%% set x = '%s' %%}",
    ]
)  # fmt: skip
DYNAMIC = st.sampled_from(
    [
        "{% include view.name %}", "{% extends 'a' ~ x %}", "{% include ['a.html', 'b.html'] %}", "{% import x as y %}",
        "{% include 'a.html' if x else 'b.html' %}", "{% from x import y %}", "{% include('b.html') %}",
        "{% include'b.html' %}", "{%include x%}", "{% extends x if y else 'a.html' %}",
    ]
)  # fmt: skip
SOURCES = st.lists(
    st.one_of(
        st.tuples(NAMING, st.sampled_from(NAMES)).map(lambda drawn: drawn[0] % drawn[1]), NAMING.map(lambda _: "x")
    ),
    max_size=3,
).map("".join)
THEMES = st.fixed_dictionaries(dict.fromkeys(NAMES, SOURCES))


def _named(source: str) -> set[str | None]:
    """What a template names, by Jinja's own reading; None for what is known when it is rendered."""
    return set(meta.find_referenced_templates(Environment(autoescape=True).parse(source)))


@given(THEMES, st.sampled_from(NAMES), st.one_of(st.none(), st.tuples(st.sampled_from(NAMES), DYNAMIC)))
def test_all_that_a_template_names_counts(
    templates: dict[str, str], name: str, dynamic: tuple[str, str] | None
) -> None:
    """Held against Jinja's own reading of any templates: all that are reached, and no other. Where one names another by
    anything but a plain string, every template may be meant."""
    if dynamic is not None:
        templates[dynamic[0]] += dynamic[1]
    reached: set[str | None] = set()
    waiting: set[str | None] = {name}
    while waiting:
        each = waiting.pop()
        reached.add(each)
        if each is not None:
            waiting |= _named(templates[each]) - reached
    anything = dynamic is not None and dynamic[0] in reached
    expected = templates if anything else {each: templates[each] for each in reached if each is not None}
    assert closure(name, templates) == sorted(expected.items())


def test_the_templates_of_the_theme(built: tuple[Portal, Prepared]) -> None:
    """Each page's template stands with all that Jinja finds in it, and no page depends on all."""
    templates = built[1].theme.templates
    for page in {page.template: page for page in built[1].pages}.values():
        found = dict(closure(page.template, templates))
        assert {None} | found.keys() > {each for source in found.values() for each in _named(source)} - {None}
        assert found.items() <= templates.items()
        assert len(found) < len(templates)


def test_a_page_is_another_when_a_template_in_it_changes(built: tuple[Portal, Prepared]) -> None:
    """Its own, one that this includes, or one that is included there; not one that stands beside them."""
    page = structs.replace(built[1].pages[0], template="a")
    templates = {"a": "{% extends 'b' %}", "b": "{% include 'c' %}", "c": "c", "d": "d"}
    found = [of(page, templates)] + [of(page, templates | {name: templates[name] + "+"}) for name in "abcd"]
    assert len(set(found)) == 4
    assert found[4] == found[0]
    assert of(structs.replace(page, template="c"), templates) != of(
        structs.replace(page, template="d"), templates | {"d": "c"}
    )


def test_templates_that_include_each_other_are_told_apart(built: tuple[Portal, Prepared]) -> None:
    """They depend on the same sources, and yet make other pages."""
    templates = {"a": "a{% if x %}{% include 'b' %}{% endif %}", "b": "b{% if x %}{% include 'a' %}{% endif %}"}
    found = {of(structs.replace(built[1].pages[0], template=name), templates) for name in templates}
    assert len(found) == 2


# ── code and settings ───────────────────────────────────────────────────────


class Filter:
    """Something that a setting may hold, which has no name of its own."""

    def __init__(self, told: str) -> None:
        self.told = told

    def __repr__(self) -> str:
        return self.told


@pytest.mark.parametrize("name", ["JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_TESTS", "JINJA_GLOBALS"])
def test_settings_that_templates_see_count(tmp_path: Path, name: str) -> None:
    """Under their names, functions by theirs; in whatever order they were written."""
    values: list[dict[str, Any]] = [
        {}, {"a": escape}, {"b": escape}, {"a": soft_str}, {"a": filters.FILTERS}, {"a": Filter("<1>")}, {"a": Filter("<2>")},
        {"a": 1}, {"a": "1"}, {"a": 1, "b": 2}, {"a": 2, "b": 1},
    ]  # fmt: skip
    found = [settings_version({name: value}, tmp_path) for value in values]
    assert len(set(found)) == len(found)
    assert settings_version({name: {"b": 2, "a": 1}}, tmp_path) == settings_version({name: {"a": 1, "b": 2}}, tmp_path)
    assert settings_version({name: None}, tmp_path) == found[0]
    others = {"JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_TESTS", "JINJA_GLOBALS"} - {name}
    assert all(settings_version({other: {"a": 1}}, tmp_path) != found[7] for other in others)


def test_a_setting_changes_the_fingerprint() -> None:
    """Of pages and of files beside them; one that no template sees does not."""
    made = Made("a", make_one, "1")
    assert of(made, SITENAME="a") == of(made, SITENAME="b")
    assert of(made, JINJA_GLOBALS={"a": 1}) != of(made, JINJA_GLOBALS={"a": 2})


@pytest.mark.parametrize("path", ["pelicanconf.py", "mine.py", "plugins/step.py", "plugins/package/deep/part.py"])
def test_the_sites_own_code_counts(tmp_path: Path, path: str) -> None:
    """Modules in its folder, and those where it has its plugins, however deep: made, edited, renamed and removed."""
    settings = {"PLUGIN_PATHS": ["plugins"]}
    found = [settings_version(settings, tmp_path)]
    target = tmp_path / path
    target.parent.mkdir(parents=True, exist_ok=True)
    for text in ("a = 1\n", "a = 2\n"):
        target.write_text(text)
        found.append(settings_version(settings, tmp_path))
    target.rename(target.with_name("renamed.py"))
    found.append(settings_version(settings, tmp_path))
    assert len(set(found)) == 4
    target.with_name("renamed.py").rename(target.with_name("text.md"))
    assert settings_version(settings, tmp_path) == found[0]


def test_a_module_from_anywhere_counts_once_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings may import what lies outside the site's folder: when it changes, all is made again."""
    (tmp_path / "site").mkdir()
    (tmp_path / "fingerprinted_helper.py").write_text("a = 1\n")
    found = [settings_version({}, tmp_path / "site")]
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    __import__("fingerprinted_helper")
    try:
        for text in ("a = 1\n", "a = 2\n"):
            (tmp_path / "fingerprinted_helper.py").write_text(text)
            found.append(settings_version({}, tmp_path / "site"))
    finally:
        del sys.modules["fingerprinted_helper"]
    assert len(set(found)) == 3


def test_a_plugin_that_is_installed_counts_with_its_package(tmp_path: Path) -> None:
    """Other libraries have versions; of a plugin every module that is loaded counts. The portal's own is code_version's."""
    plain = settings_version({}, tmp_path)
    assert settings_version({"PLUGINS": ["yaml.loader"]}, tmp_path) != plain
    assert settings_version({"PLUGINS": [sys.modules["yaml"]]}, tmp_path) == settings_version(
        {"PLUGINS": ["yaml.loader"]}, tmp_path
    )
    assert settings_version({"PLUGINS": ["portal.pages", "not_loaded"]}, tmp_path) == plain


_VERSION = """
import sys
import zlib
from pathlib import Path
from portal.build.fingerprints import Fingerprints
from portal.build.made import Made
print(Fingerprints({}, {}, Path(sys.argv[1])).of(Made("a", zlib.compress, "1")).hex())
"""


def test_other_code_makes_other_fingerprints(tmp_path: Path) -> None:
    """A comment in any module of the portal is enough; the same code somewhere else makes the same."""
    found = []
    for folder, more in (("one", ""), ("two", ""), ("two", "# another\n")):
        target = tmp_path / folder / "portal"
        if not target.exists():
            shutil.copytree(Path(portal.__file__).parent, target, ignore=shutil.ignore_patterns("__pycache__"))
        with (target / "markup" / "plain.py").open("a") as file:
            file.write(more)
        environment = ENVIRONMENT | {"PYTHONPATH": str(target.parent)}
        command = [sys.executable, "-c", _VERSION, str(NO_CODE)]
        found.append(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert found[0] == found[1] != found[2]
    assert len(found[0].strip()) == 2 * SIZE


def test_what_is_shared_is_looked_at_once_and_never_mistaken(built: tuple[Portal, Prepared]) -> None:
    """A frame that is made, used and dropped leaves its place in memory to the next, which is told from it all the same."""
    site, prepared = built
    fingerprints = site.fingerprints(prepared)
    page = prepared.pages[0]
    found = set()
    for number in range(200):
        frame = structs.replace(page.view.chrome, tagline=str(number))
        found.add(fingerprints.of(structs.replace(page, view=structs.replace(page.view, chrome=frame))))
    assert len(found) == 200


def test_a_name_that_nobody_knows_may_mean_any_template() -> None:
    """Jinja's loader finds "./b.html" as well as "b.html"."""
    templates = {"a.html": '{% include "./b.html" %}', "b.html": "1"}
    assert dict(closure("a.html", templates)) == templates
