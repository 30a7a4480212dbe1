"""catalog/published.tsv: the list of addresses that a promise was made about.

The address of a record, attachment, feed or fixed page never disappears: it stays, leads on, or says that its record
was withdrawn. `portal publish` keeps the list; a missing one is an error except in a new site.

`first_published` is the clock, to the minute, of the publication that first had the address, and never changes. It is
not the editor's 发布日期, which may lie years back: who keeps a 索引号 that two branches took follows from what was really
public first. `sha256` is of a file's bytes, or a record's own canonical content (records/digest.py): it changes when the
record does, not when another record comes to cite it.
"""

from collections.abc import Collection, Container, Iterable, Mapping

from portal.problems import Place, Problem
from portal.records.source import Unreadable, decode
from portal.value import Value

PATH = "catalog/published.tsv"
HEADER = "url\tid\tfirst_published\tsha256"


class Promise(Value, frozen=True, order=True):
    """An address, the record it belongs to (`kind/id`, or `-`), when it was first published, the content's SHA-256 or `-`."""

    url: str
    id: str
    first_published: str
    sha256: str


def parse(text: str) -> tuple[dict[str, Promise], list[Problem]]:
    """The list by address; a malformed line is a problem. A merge of two branches may leave it unsorted."""
    found: dict[str, Promise] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.split() == HEADER.split():
            continue
        fields = line.split("\t")
        if len(fields) != 4 or not fields[0].startswith("/"):
            what = f"这一行读不懂：{line[:40]}。"
            remedy = "该文件由 portal publish 维护；合并冲突时两边的行都保留，删去冲突标记。"
            problems.append(Problem(Place(PATH, number), "ledger", "", what, remedy))
            continue
        promise = Promise(*fields)
        older = found.get(promise.url)
        if older is None or promise.first_published < older.first_published:
            found[promise.url] = promise
    return found, problems


def read(data: bytes) -> tuple[dict[str, Promise], list[Problem]]:
    """The list from the file's bytes; another encoding than UTF-8 is a problem with its line."""
    try:
        return parse(decode(PATH, data))
    except Unreadable as error:
        return {}, list(error.problems)


def missing() -> Problem:
    """The problem of a site in production without its list."""
    what = f"缺少 {PATH}，无法核对已公布的网址。"
    remedy = f"请从 git 恢复：git checkout -- {PATH}。从未发布过的新站，请新建该文件，内容只有一行：{HEADER.expandtabs(1)}（各栏之间用制表符）。"
    return Problem(Place(PATH), "ledger-missing", "", what, remedy)


def render(promises: Iterable[Promise]) -> str:
    """The list as text, sorted by address so that merges stay small."""
    return (
        "\n".join([HEADER, *("\t".join((p.url, p.id, p.first_published, p.sha256)) for p in sorted(promises))]) + "\n"
    )


def update(old: Mapping[str, Promise], new: Iterable[Promise]) -> list[Promise]:
    """The list after a release: what was there stays, with the new hash; the first publication never changes."""
    merged = dict(old)
    for promise in new:
        before = merged.get(promise.url)
        first = before.first_published if before else promise.first_published
        merged[promise.url] = Promise(promise.url, promise.id, first, promise.sha256)
    return sorted(merged.values())


def broken(
    promises: Mapping[str, Promise], served: Container[str], withdrawn: Collection[str], unpublished: Collection[str]
) -> list[Problem]:
    """The promises that a release would break: addresses that it neither serves nor may drop.

    `withdrawn` are the records (`kind/id`) withdrawn, whose attachments must go; `unpublished` those that exist in
    the repository but are no longer public, which the remedy then names.
    """
    problems = []
    for url, promise in sorted(promises.items()):
        if url in served or (url.startswith("/files/") and promise.id in withdrawn):
            continue
        what = f"已公布的网址 {url} 在这一版里消失了。"
        if url.startswith("/files/"):
            remedy = f"请恢复该附件，或在 catalog/redirects.yaml 加“原地址: {url}”和“新地址: 新附件的网址”。"
        elif promise.id in unpublished:
            remedy = "已公布的信息不能改回草稿或推迟：要撤下，请把状态改为“已撤回”，写明撤回日期和原因。"
        else:
            remedy = f"请恢复文件；改名的，在 catalog/redirects.yaml 加“原地址: {url}”；要撤下的，保留文件并改状态为“已撤回”。"
        problems.append(Problem(Place(PATH), "promise", "", what, remedy))
    return problems
