"""The banner over a document, or over the interpretation of one, that is not simply in force."""

from portal.formats import day
from portal.pages.parts import Banner, Link, badge
from portal.records.types import DisclosureEntry
from portal.site.model import Item, Site, Validity


def banner(site: Site, item: Item, of: str = "本文件") -> Banner | None:
    """The banner over a document, or over the interpretation of one, that is not simply in force."""
    standing = item.standing
    if standing is None or standing.validity is Validity.IN_FORCE:
        return None
    causes = [site.items[key] for key in standing.by if key in site.items]
    since = day(standing.since) if standing.since else ""
    match standing.validity:
        case Validity.REPEALED if standing.replaced:
            # A new version whose 施行日期 is not known says when it was made, and not that the old one ended then.
            known = any(isinstance(c.record, DisclosureEntry) and c.record.effective for c in causes)
            text = f"{of}已有新版本，新版本自{since}起施行。" if known else f"{of}已有新版本（{since}）。"
            causes = _to_the_newest(site, causes)
        case Validity.REPEALED:
            text = f"{of}已废止，自{since}起不再施行。"
        case Validity.EXPIRED:
            text = f"{of}的有效期截至{since}，已经失效。"
        case Validity.NOT_YET:
            text = f"{of}尚未施行，自{since}起施行。"
        case _:
            text = f"{of}已作修改，自{since}起按修改后的内容执行。"
    state = badge(standing)
    assert state is not None
    return Banner(state.tone, text, tuple(_named(cause, item) for cause in causes))


def _to_the_newest(site: Site, causes: list[Item]) -> list[Item]:
    """The causes, with the version in force at the end of the chain first: the one that a reader wants."""
    newest = causes[-1]
    seen = {newest.key}
    while following := [site.items[key] for key in newest.related.replaced_by if key in site.items and key not in seen]:
        newest = following[0]
        seen.add(newest.key)
    return [newest, *(cause for cause in causes if cause.key != newest.key)]


def _named(item: Item, beside: Item) -> Link:
    """A document by title and 文号; by its date, too, where it bears the title of the one beside it."""
    record = item.record
    number = record.doc_no if isinstance(record, DisclosureEntry) else None
    same = isinstance(record, DisclosureEntry) and record.title == beside.record.title
    version = f"（{day(record.formed)}版本）" if isinstance(record, DisclosureEntry) and same else ""
    return Link(f"《{record.title}》{version}" + (f"（{number}）" if number and not same else ""), item.url)
