"""主题拼音索引: every theme that has something under it, by the letter that its name is read with.

分类浏览 shows the themes by their hierarchy, which helps who knows it; a reader who knows the word finds it here.
"""

import string
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pypinyin import lazy_pinyin

from portal.pages.chrome import BROWSE, HOME, THEMES, column_head
from portal.pages.parts import Chrome, Link, Page, View, page_path
from portal.records.vocabulary import ThemePath
from portal.site.groups import theme_group
from portal.site.model import Site

OTHER = "其他"
"""The heading of names that begin with a digit, or with a script that pinyin does not read."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and the themes below it; each theme's `note` is the theme that it stands under."""

    name: str
    anchor: str
    themes: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AlphabetView(View):
    """主题拼音索引. In `bar` a letter without themes has no address. There are no counts: a new record changes nothing
    here unless it is the first of its theme."""

    title: str
    intro: str
    bar: tuple[Link, ...]
    letters: tuple[Letter, ...]


@cache
def sound(text: str) -> tuple[str, ...]:
    """The text as it is read, a syllable a character; what is not Chinese stays as it is.

    The whole text is read at once: 长 is zhǎng in 长者 and cháng in 长江, 行 is háng in 行业 and xíng in 行政.
    """
    return tuple(syllable.lower() for syllable in lazy_pinyin(unicodedata.normalize("NFKC", text)))


def initial(name: str) -> str:
    """The letter under which a name is looked for: brackets and quotation marks before it are passed over."""
    first = next((character for character in "".join(sound(name)) if character.isalnum()), "")
    return first.upper() if first.isascii() and first.isalpha() else OTHER


def by_sound(name: str) -> tuple[tuple[str, ...], str]:
    """The order of names: as they are read, character by character, so that one begun alike stands together."""
    return tuple(syllable for syllable in sound(name) if syllable.isalnum()), name


def letters(themes: Iterable[ThemePath]) -> Iterator[Letter]:
    """Themes under their letters, A to Z, then the others. A top theme is listed beside those below it."""
    found: dict[str, list[ThemePath]] = {}
    for theme in themes:
        found.setdefault(initial(theme.name), []).append(theme)
    for name in (*string.ascii_uppercase, OTHER):
        if name in found:
            listed = sorted(found[name], key=lambda theme: (by_sound(theme.name), theme.full))
            yield Letter(name, anchor(name), tuple(_link(theme) for theme in listed))


def anchor(letter: str) -> str:
    """Where a letter begins on the page."""
    return f"letter-{letter.lower()}" if letter != OTHER else "letter-other"


def _link(theme: ThemePath) -> Link:
    return Link(theme.name, theme_group(theme).url, note=theme.parent.full if theme.parent else "")


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The one page. A theme without public records has no list, and so no link."""
    found = tuple(letters(theme for theme in site.vocabulary.theme_paths if site.members(theme_group(theme))))
    present = {letter.name: f"#{letter.anchor}" for letter in found}
    names = (*string.ascii_uppercase, *((OTHER,) if OTHER in present else ()))
    intro = "按主题名称的拼音首字母排列；名称下面的小字是它所属的上级主题。"
    view = AlphabetView(
        chrome=chrome,
        head=column_head(site, THEMES.text, THEMES.url, "信息公开目录", intro),
        crumbs=(HOME, BROWSE, THEMES),
        title=THEMES.text,
        intro=intro,
        bar=tuple(Link(name, present.get(name, "")) for name in names) if found else (),
        letters=found,
    )
    yield Page(page_path(THEMES.url), "alphabet.html", view)
