"""What one record says against itself: fields that cannot be true together. Pure, and blind to the clock."""

from collections.abc import Collection, Iterator
from datetime import date

from portal import clock
from portal.problems import Problem
from portal.records.types import Access, DisclosureEntry, Interpretation, Origin, Record, StandingPage, Status

PLACEHOLDER = "在这里写正文。小标题从 ## 开始。"
"""What a new draft's body says until somebody writes it."""

EARLIEST = date(1949, 10, 1)
"""No office published before; a clock before 1901 also had an offset of seconds, which feeds cannot write."""


def contradictions(record: Record) -> Iterator[Problem]:
    """Every contradiction within the record."""
    yield from _life(record)
    yield from _placeholder(record)
    if isinstance(record, DisclosureEntry):
        yield from _entry(record)


def _problem(record: Record, field: str, code: str, what: str, remedy: str) -> Problem:
    label = type(record).model_fields[field].alias or field
    return Problem(record.origin.place(field), code, label, what, remedy)


def _life(record: Record) -> Iterator[Problem]:
    if record.date is None and record.publish_at is None:
        yield _problem(
            record,
            "date",
            "missing",
            "缺少“发布日期”。",
            "请加一行“发布日期: 2026-03-05 09:30”；要到时自动公开，改写“定时发布”。",
        )
        return
    if record.date and record.publish_at:
        yield _problem(
            record,
            "publish_at",
            "contradiction",
            "“发布日期”和“定时发布”都写了。",
            "只留一个：定时发布到时就是发布日期。",
        )
    for field in ("date", "publish_at"):
        moment = getattr(record, field)
        if moment and moment.date() < EARLIEST:
            what = f"公开的时间 {clock.format_minute(moment)} 早于 {EARLIEST}。"
            yield _problem(record, field, "too-early", what, "请填公众实际能看到的时间；文件本身的日期写在“成文日期”。")
    withdrawn = record.status is Status.WITHDRAWN
    for field, label in (("withdrawn_on", "撤回日期"), ("withdrawn_reason", "撤回原因")):
        if withdrawn and getattr(record, field) is None:
            remedy = f"请加一行“{label}: …”，公众会看到它。"
            yield _problem(record, field, "missing", f"已撤回的信息缺少“{label}”。", remedy)
    if not withdrawn and (record.withdrawn_on or record.withdrawn_reason):
        field = "withdrawn_on" if record.withdrawn_on else "withdrawn_reason"
        yield _problem(
            record,
            field,
            "contradiction",
            f"状态是“{record.status}”，却写了撤回。",
            "要撤回，请把状态改为“已撤回”；否则删去这一栏。",
        )
    for number, correction in enumerate(record.corrections):
        if correction.on < record.first_public:
            yield Problem(
                record.origin.place("corrections", number, "on"),
                "contradiction",
                "更正说明",
                "更正的时间早于发布日期。",
                "请核对更正日期；发布当天更正的，写到时分，如 2026-03-05 15:00。",
            )
    if record.withdrawn_on and record.withdrawn_on < record.first_public:
        # Withdrawn before its 定时发布 it never was public and leaves nothing; but a bare day of withdrawal on the day of
        # publication is its first moment, and would make a record that people have read vanish without a word.
        same_day = record.withdrawn_on.date() == record.first_public.astimezone(clock.SHANGHAI).date()
        if record.date is not None or (same_day and record.withdrawn_on == clock.start_of(record.withdrawn_on.date())):
            remedy = "请核对；发布当天撤回的，写到时分。"
            yield _problem(record, "withdrawn_on", "contradiction", "撤回的时间早于发布日期。", remedy)


def required(model: type[Record], present: Collection[str], origin: Origin) -> Iterator[Problem]:
    """What only some kinds must have, so that the type cannot say it. Told together with what the type refuses."""

    def missing(field: str, remedy: str) -> Problem:
        label = model.model_fields[field].alias or field
        return Problem(origin.place(), "missing", label, f"缺少“{label}”。", remedy)

    if "publisher" not in present and model is not StandingPage:
        yield missing("publisher", "请加一行“发布机构: …”，填机构全称。")
    if "themes" not in present and model in {DisclosureEntry, Interpretation}:
        yield missing("themes", "请至少填一个 catalog/themes.yaml 中的主题。")
    if "summary" not in present and model is DisclosureEntry:
        remedy = "请用一两句话写明主要内容（条例第十二条：目录包括索引、名称、内容概述、生成日期）。"
        yield missing("summary", remedy)
    if "body" not in present and model is not DisclosureEntry:
        yield Problem(origin.place(), "missing", "", "没有正文。", "请在元数据之后写正文。")


def _placeholder(record: Record) -> Iterator[Problem]:
    if record.status is Status.PUBLISHED and PLACEHOLDER in (markdown := record.body.markdown):
        where = record.origin.in_body(markdown[: markdown.index(PLACEHOLDER)].count("\n") + 1)
        yield Problem(
            where, "placeholder", "正文", "正文还是新建时的提示文字。", "请写上正文；没有写完的，状态先改为“草稿”。"
        )


def _entry(record: DisclosureEntry) -> Iterator[Problem]:
    known = record.date or record.publish_at  # missing both is a problem of its own, already told
    published = known.astimezone(clock.SHANGHAI).date() if known else None
    if published and record.formed > published:
        yield _problem(
            record,
            "formed",
            "contradiction",
            f"成文日期 {record.formed} 晚于发布日期 {published}。",
            "文件先成文后公开，请核对两个日期。",
        )
    if record.expires and record.effective and record.expires < record.effective:
        yield _problem(record, "expires", "contradiction", "失效日期早于施行日期。", "请核对两个日期。")
    if record.expires and record.expires < record.formed:
        yield _problem(record, "expires", "contradiction", "失效日期早于成文日期。", "请核对两个日期。")
    if record.access is not Access.OPEN:
        if record.access_basis is None:
            remedy = "请写明依据条例哪一条（第十四条至第十六条），如“条例第十六条：内部事务信息”。"
            yield _problem(record, "access_basis", "missing", f"公开方式是“{record.access}”，缺少“公开依据”。", remedy)
        if record.body:
            yield Problem(
                record.origin.place(),
                "closed-body",
                "公开方式",
                f"公开方式是“{record.access}”，文件里却有正文（第 {record.origin.body_line} 行起）。",
                "不公开的正文不要放进公开仓库：请删去正文，只留目录信息。",
            )
        if record.attachments:
            yield _problem(
                record,
                "attachments",
                "closed-body",
                f"公开方式是“{record.access}”，却带有附件。",
                "请删去附件；附件文件也不要放进公开仓库。",
            )
