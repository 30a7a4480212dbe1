"""主题拼音索引: every theme that has something under it, by the letter that its name is read with.

分类浏览 shows the themes by their hierarchy, which helps who knows it; a reader who knows the word finds it here.
"""

import string
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from portal.pages.chrome import BROWSE, HOME, THEMES, column_head
from portal.pages.parts import Chrome, Link, Page, View, page_path
from portal.records.vocabulary import ThemePath
from portal.site.groups import theme_group
from portal.site.model import Site
from portal.value import Value

OTHER = "其他"
"""The heading of names that begin with a digit, or with a script that pinyin does not read."""


class Letter(Value, frozen=True):
    """A letter and the themes below it; each theme's `note` is the theme that it stands under."""

    name: str
    anchor: str
    themes: tuple[Link, ...]


class ListedTheme(Value, frozen=True):
    """A theme with its whole name, by which those of one name are told apart."""

    name: str
    full: str
    link: Link


class AlphabetView(View, frozen=True):
    """主题拼音索引. There are no counts: a new record changes nothing here unless it is the first of its theme.

    How the names are read is worked out when the page is made: the tables of pinyin take a third of a second to load.
    """

    title: str
    intro: str
    themes: tuple[ListedTheme, ...]

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The themes under their letters."""
        return tuple(letters(self.themes))

    @property
    def bar(self) -> tuple[Link, ...]:
        """All letters; one without themes has no address."""
        present = {letter.name: f"#{letter.anchor}" for letter in self.letters}
        names = (*string.ascii_uppercase, *((OTHER,) if OTHER in present else ()))
        return tuple(Link(name, present.get(name, "")) for name in names) if present else ()


@cache
def sound(text: str) -> tuple[str, ...]:
    """The text as it is read, a syllable a character; what is not Chinese stays as it is.

    The whole text is read at once: 长 is zhǎng in 长者 and cháng in 长江, 行 is háng in 行业 and xíng in 行政.
    """
    from pypinyin import lazy_pinyin  # slow to load, and most builds read no name

    return tuple(syllable.lower() for syllable in lazy_pinyin(unicodedata.normalize("NFKC", text)))


def initial(name: str) -> str:
    """The letter under which a name is looked for: brackets and quotation marks before it are passed over."""
    first = next((character for character in "".join(sound(name)) if character.isalnum()), "")
    return first.upper() if first.isascii() and first.isalpha() else OTHER


def by_sound(name: str) -> tuple[tuple[str, ...], str]:
    """The order of names: as they are read, character by character, so that one begun alike stands together."""
    return tuple(syllable for syllable in sound(name) if syllable.isalnum()), name


def letters(themes: Iterable[ListedTheme]) -> Iterator[Letter]:
    """Themes under their letters, A to Z, then the others. A top theme is listed beside those below it."""
    found: dict[str, list[ListedTheme]] = {}
    for theme in themes:
        found.setdefault(initial(theme.name), []).append(theme)
    for name in (*string.ascii_uppercase, OTHER):
        if name in found:
            listed = sorted(found[name], key=lambda theme: (by_sound(theme.name), theme.full))
            yield Letter(name, anchor(name), tuple(theme.link for theme in listed))


def anchor(letter: str) -> str:
    """Where a letter begins on the page."""
    return f"letter-{letter.lower()}" if letter != OTHER else "letter-other"


def _listed(theme: ThemePath) -> ListedTheme:
    link = Link(theme.name, theme_group(theme).url, note=theme.parent.full if theme.parent else "")
    return ListedTheme(theme.name, theme.full, link)


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The one page. A theme without public records has no list, and so no link."""
    found = (theme for theme in site.vocabulary.theme_paths if site.members(theme_group(theme)))
    intro = "按主题名称的拼音首字母排列；名称下面的小字是它所属的上级主题。"
    view = AlphabetView(
        chrome=chrome,
        head=column_head(site, THEMES.text, THEMES.url, "信息公开目录", intro),
        crumbs=(HOME, BROWSE, THEMES),
        title=THEMES.text,
        intro=intro,
        themes=tuple(map(_listed, found)),
    )
    yield Page(page_path(THEMES.url), "alphabet.html", view)
