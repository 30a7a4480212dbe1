"""The words of Word documents."""

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.parts.story import StoryPart

from attachments.papers import saved
from portal.attachments.reading import read_text

W = nsdecls("w")


def blocks(document: object) -> tuple[str, ...]:
    """The words of a document, which has no problem."""
    text = read_text("a.docx", "docx", saved(document))
    assert text.refusal is None
    return text.blocks


def of(*markup: str) -> tuple[str, ...]:
    """The words of a document whose body begins with these elements."""
    document = docx.Document()
    for number, each in enumerate(markup):
        document.element.body.insert(number, parse_xml(each.replace(">", f" {W} {MORE}>", 1)))
    return blocks(document)


MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def run(text: str, more: str = "") -> str:
    """A run of text."""
    return f"<w:r>{more}<w:t>{text}</w:t></w:r>"


def test_paragraphs_and_tables_come_in_reading_order() -> None:
    """Headings, paragraphs, cells and tables within cells stand where a reader meets them."""
    document = docx.Document()
    document.add_heading("第一章 总则", 1)
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "左"
    inner = table.cell(0, 1).add_table(1, 1)
    inner.cell(0, 0).text = "里"
    document.add_paragraph("后\t记\n续")
    assert blocks(document) == ("第一章 总则", "左", "里", "后 记续")


def test_a_merged_cell_is_read_once() -> None:
    """A cell over three columns has its words once."""
    document = docx.Document()
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "合计"
    assert blocks(document) == ("合计",)


def test_what_tracking_deleted_is_not_found() -> None:
    """Deleted text, deleted rows and the old places of moved text are gone; inserted and moved text is there."""
    assert of(
        f'<w:p>{run("保留")}<w:del w:id="1" w:author="a"><w:r><w:delText>删除</w:delText></w:r>{run("也删除")}</w:del>'
        f'<w:ins w:id="2" w:author="a">{run("插入")}</w:ins><w:moveFrom w:id="3" w:author="a">{run("旧处")}</w:moveFrom>'
        f'<w:moveTo w:id="4" w:author="a">{run("新处")}</w:moveTo></w:p>',
        f'<w:tbl><w:tr><w:trPr><w:del w:id="5" w:author="a"/></w:trPr><w:tc><w:p>{run("删行")}</w:p></w:tc></w:tr>'
        f"<w:tr><w:tc><w:p>{run('留行')}</w:p></w:tc></w:tr></w:tbl>",
    ) == ("保留插入新处", "留行")


def test_hidden_text_is_not_found() -> None:
    """Hidden runs and rows are out; a run that says that it is not hidden is in."""
    assert of(
        f"<w:p>{run('见')}{run('密', '<w:rPr><w:vanish/></w:rPr>')}"
        f"{run('得', '<w:rPr><w:vanish w:val=' + chr(34) + '0' + chr(34) + '/></w:rPr>')}</w:p>",
        f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{run('密行')}</w:p></w:tc></w:tr></w:tbl>",
    ) == ("见得",)


def test_text_hidden_by_a_style_is_not_found() -> None:
    """A style hides its text, and so does one that is based on it; the run's own word comes first."""
    document = docx.Document()
    base = document.styles.add_style("隐藏", WD_STYLE_TYPE.CHARACTER)
    base.font.hidden = True
    derived = document.styles.add_style("隐藏二", WD_STYLE_TYPE.CHARACTER)
    derived.base_style = base
    whole = document.styles.add_style("隐藏段", WD_STYLE_TYPE.PARAGRAPH)
    whole.font.hidden = True
    paragraph = document.add_paragraph("公开")
    paragraph.add_run("甲", base)
    paragraph.add_run("乙", derived)
    paragraph.add_run("丙", derived).font.hidden = False
    document.add_paragraph("丁", whole)
    assert blocks(document) == ("公开丙",)


def test_a_fields_instruction_is_not_text() -> None:
    """Of a field the result counts, though the field begins in one paragraph and ends in another."""
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    assert of(
        f"<w:p>{field.format('begin')}<w:r><w:instrText>HYPERLINK secret</w:instrText></w:r>{run('指令')}</w:p>",
        f"<w:p>{run('指令')}{field.format('separate')}{run('结果')}</w:p>",
        f"<w:p>{run('续')}{field.format('end')}{run('之后')}</w:p>",
        f'<w:p><w:fldSimple w:instr="DATE">{run("3月")}</w:fldSimple></w:p>',
        f"<w:p>{field.format('end')}{run('多余的结束')}</w:p>",
    ) == ("结果", "续之后", "3月", "多余的结束")


def test_text_boxes_are_read_once() -> None:
    """Word writes a text box twice, for new and old readers; it is read once, behind its paragraph."""
    box = f"<w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent>"
    assert of(
        f'<w:p>{run("前")}<w:r><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback><w:pict>'
        f"<v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('后')}</w:p>",
        f"<w:p><w:r><w:pict><v:textbox>{box.replace('框内', '旧框')}</v:textbox></w:pict></w:r></w:p>",
    ) == ("前后", "框内", "旧框")


def test_controls_formulas_and_pronunciation() -> None:
    """Content controls and formulas are text; the pinyin over a character does not part a word."""
    assert of(
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run('控件')}</w:p></w:sdtContent></w:sdt>",
        "<w:p><m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath></w:p>",
        f"<w:p>{run('重')}<w:r><w:ruby><w:rt>{run('qing')}</w:rt><w:rubyBase>{run('庆')}</w:rubyBase></w:ruby></w:r></w:p>",
        "<w:p><w:r><w:t>R</w:t><w:noBreakHyphen/><w:t>D</w:t></w:r></w:p>",
    ) == ("控件", "E=mc", "重庆", "R-D")


@pytest.mark.parametrize("kind", ["footnotes", "endnotes"])
def test_notes_are_read_without_their_separators(kind: str) -> None:
    """Footnotes and endnotes follow the text."""
    document = docx.Document()
    document.add_paragraph("正文")
    tag = kind.removesuffix("s")
    markup = (
        f'<w:{kind} {W}><w:{tag} w:type="separator" w:id="-1"><w:p>{run("线")}</w:p></w:{tag}>'
        f'<w:{tag} w:id="1"><w:p>{run("注释")}</w:p></w:{tag}></w:{kind}>'
    )
    base = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    part = StoryPart.load(
        docx.opc.packuri.PackURI(f"/word/{kind}.xml"), f"{base}.{kind}+xml", markup.encode(), document.part.package
    )
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    document.part.relate_to(part, relation)
    document.part.rels.add_relationship(relation, part, "again")  # a part that is named again is read once
    assert blocks(document) == ("正文", "注释")


def test_headers_comments_and_properties_are_left_out() -> None:
    """What stands on every page or beside the text is not the text."""
    document = docx.Document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_comment(document.paragraphs[0].runs, "批注", author="某人")
    document.core_properties.author = "某人"
    assert blocks(document) == ("正文",)
