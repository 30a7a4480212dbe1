"""The words of presentations."""

import copy

import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Cm

from attachments.papers import saved, slides
from portal.attachments.reading import read_text

BOX = (Cm(1), Cm(1), Cm(5), Cm(2))


def blocks(deck: object) -> tuple[str, ...]:
    """The words of a presentation, which has no problem."""
    text = read_text("a.pptx", "pptx", saved(deck))
    assert text.refusal is None
    return text.blocks


def deck() -> tuple[pptx.presentation.Presentation, pptx.slide.Slide]:
    """A presentation with one slide with a title."""
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "规划"
    return made, slide


def test_titles_lists_boxes_and_groups_are_read() -> None:
    """Each paragraph is a block; a line break within one is none between Chinese characters."""
    made, slide = deck()
    slide.placeholders[1].text = "目标\n任\v务"
    slide.shapes.add_textbox(*BOX).text_frame.text = "文本框"
    outer = slide.shapes.add_group_shape()
    outer.shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame.text = "组内"
    assert blocks(made) == ("规划", "目标", "任务", "文本框", "组内")


def test_tables_are_read_and_merged_cells_once() -> None:
    """Words that a merge covered are hidden and not found."""
    made, slide = deck()
    table = slide.shapes.add_table(2, 2, *BOX).table
    for row in range(2):
        for column in range(2):
            table.cell(row, column).text = f"格{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 1).text = "盖住"
    text = blocks(made)
    assert "盖住" not in text
    assert text[-2:] == ("格10", "格11")


def test_hidden_slides_shapes_and_notes_are_not_found() -> None:
    """What the public does not see on the slides is not searched."""
    made, slide = deck()
    slide.notes_slide.notes_text_frame.text = "备注"
    box = slide.shapes.add_textbox(*BOX)
    box.text_frame.text = "隐藏形状"
    box._element.nvSpPr.cNvPr.set("hidden", "1")
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(*BOX).text_frame.text = "隐藏组"
    group._element.nvGrpSpPr.cNvPr.set("hidden", "true")
    other = made.slides.add_slide(made.slide_layouts[5])
    other.shapes.title.text = "隐藏页"
    other._element.set("show", "0")
    assert blocks(made) == ("规划",)


def test_slide_numbers_and_charts_are_no_words() -> None:
    """A slide's number changes with its place; a chart's data is not read."""
    made, slide = deck()
    frame = slide.shapes.add_textbox(*BOX).text_frame
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    frame.paragraphs[0]._p.append(parse_xml(f'<a:fld {a} id="{{1}}" type="slidenum"><a:t>7</a:t></a:fld>'))
    frame.paragraphs[0]._p.append(parse_xml(f'<a:fld {a} id="{{2}}" type="datetime1"><a:t>2026年</a:t></a:fld>'))
    data = CategoryChartData()
    data.categories = ["甲"]
    data.add_series("乙", (1,))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, *BOX, data)
    assert blocks(made) == ("规划", "2026年")


def test_smart_art_and_what_only_new_readers_show() -> None:
    """SmartArt has its words in another part; of two ways to write a shape one is read."""
    made, slide = deck()
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    model = (
        f"<dgm:dataModel {names}><dgm:ptLst><dgm:pt><dgm:t><a:bodyPr/><a:p><a:r><a:t>流程图</a:t></a:r></a:p></dgm:t>"
        "</dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    content = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
    part = Part(PackURI("/ppt/diagrams/data1.xml"), content, slide.part.package, model.encode())
    number = slide.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
    slide.shapes._spTree.append(
        parse_xml(f'<p:graphicFrame {names}><a:graphic><a:graphicData><dgm:relIds r:dm="{number}"/></a:graphicData></a:graphic></p:graphicFrame>')
    )  # fmt: skip
    shape = "<p:sp><p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"
    slide.shapes._spTree.append(
        parse_xml(
            f'<mc:AlternateContent {names}><mc:Choice Requires="p14">{shape.format("新")}</mc:Choice>'
            f"<mc:Fallback>{shape.format('旧')}</mc:Fallback></mc:AlternateContent>"
        )
    )
    assert blocks(made) == ("规划", "流程图", "新")
    slide.shapes._spTree.append(copy.deepcopy(slide.shapes._spTree[-2]))  # named again: its part is read once
    assert blocks(made) == ("规划", "流程图", "新")


def test_a_slide_that_is_named_again_and_again_is_read_once() -> None:
    """A file of kilobytes can name one slide a million times."""
    made, _ = deck()
    slides_of = made.slides._sldIdLst
    for number in range(3):
        again = copy.deepcopy(slides_of[0])
        again.set("id", str(900 + number))
        slides_of.append(again)
    assert len(made.slides) == 4
    assert blocks(made) == ("规划",)


def test_slides_come_in_their_order() -> None:
    """The order is that of the presentation."""
    assert read_text("a.pptx", "pptx", slides("甲", "乙", "丙")).blocks == ("甲", "乙", "丙")
