"""Records as they are on the site, with files that have only a name."""

from site_model import making
from tiny import NOW

from portal.attachments.files import File
from portal.records.types import Record
from portal.site.model import Item
from portal.site.resolve import resolve


def item(record: Record, *others: Record, files: dict[str, File] | None = None) -> Item:
    named = files or {}
    return resolve([record, *others], making.vocabulary(), named, NOW).site.items[record.key]


def file(name: str, digit: str) -> File:
    return File(name, 10, digit * 64, name.rsplit(".", 1)[-1])
