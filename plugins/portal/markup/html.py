"""The HTML that a page may show: which tags editors may write, and the cleaning behind everything else."""

import html
import re

import nh3

from portal.markup.addresses import PUBLISHED

ALLOWED_TAGS: dict[str, frozenset[str]] = {
    "br": frozenset(),
    "sub": frozenset(),
    "sup": frozenset(),
    "u": frozenset(),
    "cite": frozenset(),
    "abbr": frozenset({"title"}),
    "span": frozenset({"lang"}),  # mixed languages need it (WCAG 3.1.2)
    "ruby": frozenset(),
    "rb": frozenset(),
    "rt": frozenset(),
    "rp": frozenset(),
}
"""The tags that a body may hold as raw HTML, each with its attributes."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
"""Characters that break XML feeds and that nobody sees."""

_BLOCKS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "pre", "code", "section"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS = _BLOCKS | _TABLE | set(ALLOWED_TAGS) | {"a", "em", "strong", "img"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "class", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "p": {"class"},
    "section": {"class", "tabindex", "aria-label"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    **{tag: set(names) for tag, names in ALLOWED_TAGS.items() if names},
}
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)(.*?)>", re.DOTALL)
_OTHER = re.compile(r"<(!--|\?|!\[CDATA\[)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>]+))?")
_CLEAN_TAG = re.compile(r"<(?:\"[^\"]*\"|[^\">])*>")


def tag_parts(written: str) -> tuple[str, str]:
    """The lower-case name of a piece of raw HTML (`!--`, `?` and `![cdata[` for what is no tag) and its attributes."""
    if found := _NAME.fullmatch(written):
        return found[1].lower(), found[2].strip().removeprefix("/").strip()
    other = _OTHER.match(written)
    return (other[1].lower() if other else written[:20]), ""


def attribute_names(attributes: str) -> set[str]:
    """The lower-case names of the attributes of a tag."""
    return {found[1].lower() for found in _ATTRIBUTE.finditer(attributes)}


def show_tag(written: str) -> str:
    """Raw HTML as the page shows it: an allowed tag with its allowed attributes as itself, all else as visible text."""
    name, attributes = tag_parts(written)
    if name in ALLOWED_TAGS and attribute_names(attributes) <= ALLOWED_TAGS[name]:
        return written
    return html.escape(written, quote=False)


def clean(raw: str) -> str:
    """HTML that is safe to print, whatever the body rules let through: the last defence."""
    cleaned = nh3.clean(
        raw,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    return CONTROL.sub("", cleaned)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """An image of another site would tell that site who reads the page: without an address, its words are shown."""
    return None if tag == "img" and name == "src" and not value.startswith(PUBLISHED) else value


def text_of(cleaned: str) -> str:
    """The words of a piece of clean HTML, as they are read."""
    return html.unescape(_CLEAN_TAG.sub("", cleaned)).strip()


def is_control(entity: str) -> bool:
    """Whether an entity stands for a character that may not be on a page."""
    character = html.unescape(entity)
    return character in {"", "\ufffd"} or bool(CONTROL.search(character))
