"""A user's template: its sizes, layouts and fonts are used; what is broken, hostile or no .pptx is refused with words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from pptx.dml.color import RGBColor
from pptx.util import Cm, Pt

from slides.reading import charts_of, opened, outside, overfull, overlapping, texts_of
from tenbin.errors import InputError
from tenbin.reporting.slides import check_slides, write_slides
from tenbin.reporting.slides import writing as writing_module

SIX = 6


def dark(file) -> None:
    background = file.slide_master.background.fill
    background.solid()
    background.fore_color.rgb = RGBColor(10, 20, 60)


def portrait(file) -> None:
    file.slide_width, file.slide_height = Cm(21), Cm(29.7)
    for holder in (file.slide_master, *file.slide_layouts):
        for shape in holder.shapes:
            if shape._element.xpath("./p:spPr/a:xfrm"):
                shape.left, shape.width = int(shape.left * 21 / 25.4), int(shape.width * 21 / 25.4)


def untitled(file) -> None:
    """No layout has a title."""
    for layout in file.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type is not None and "TITLE" in str(shape.placeholder_format.type):
                shape._element.getparent().remove(shape._element)


def tiny(file) -> None:
    file.slide_width, file.slide_height = Cm(12), Cm(6.75)


def low_title(file) -> None:
    """The title stands in the middle of each layout."""
    for layout in file.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = Cm(2), Cm(8), Cm(20), Cm(4)


@pytest.mark.parametrize(
    "change", [lambda file: None, dark, portrait, untitled, low_title], ids=["4:3", "dark", "A4", "untitled", "low"]
)
def test_a_template_is_used(data, template, tmp_path, change):
    house = template("house.pptx", change)
    file = opened(write_slides(data, tmp_path / "own.pptx", "ja", template=house))
    own = opened(house)
    assert (file.slide_width, file.slide_height) == (own.slide_width, own.slide_height)
    assert len(file.slides) == SIX, "their slides are left out"
    assert [layout.name for layout in file.slide_layouts] == [layout.name for layout in own.slide_layouts]
    assert outside(file) == []
    assert overfull(file) == []
    assert overlapping(file) == []
    texts = [text for slide in file.slides for text in texts_of(slide)]
    assert not [text for text in texts if "Their slide" in text]
    assert sum(len(charts_of(slide)) for slide in file.slides) == 5
    with zipfile.ZipFile(tmp_path / "own.pptx") as packed:
        slides = [packed.read(name).decode() for name in packed.namelist() if name.startswith("ppt/slides/slide")]
        assert len(slides) == SIX, "nothing of theirs is left in the file"
        assert b"Meiryo" in packed.read("ppt/theme/theme1.xml")
        assert not [slide for slide in slides if "<a:latin" in slide or "<a:ea" in slide], "fonts are the template's"


def test_text_takes_the_templates_colour_and_charts_have_their_own_ground(data, template, tmp_path):
    """On a dark ground our ink could not be read."""
    file = opened(write_slides(data, tmp_path / "dark.pptx", "en", template=template("dark.pptx", dark)))
    for slide in file.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                assert shape._element.xpath(".//a:rPr//a:srgbClr") == []
            if shape.has_chart:
                assert shape.chart._chartSpace.xpath("./c:spPr/a:solidFill/a:srgbClr/@val") == ["FFFFFF"]
            if shape.has_table:
                cells = [cell for row in shape.table.rows for cell in row.cells]
                assert all(cell._tc.xpath("./a:tcPr/a:solidFill") for cell in cells)


def test_a_title_keeps_the_templates_size_where_it_fits(data, template, tmp_path):
    def small(file) -> None:
        file.slide_master._element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr")[0].set("sz", "1800")

    slide = opened(write_slides(data, tmp_path / "small.pptx", "en", template=template("small.pptx", small))).slides[5]
    assert slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size == Pt(18)


def with_part(path: Path, name: str, content: bytes, **changed: bytes) -> Path:
    """A copy with one more part, and texts in others exchanged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, changed.get(entry, old.read(entry)))
        if name:
            new.writestr(name, content)
    copy = path.with_name(f"copy-{abs(hash((name, content[:9])))}.pptx")
    copy.write_bytes(packed.getvalue())
    return copy


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        check_slides(path)
    (problem,) = caught.value.problems
    assert problem.file == "--template"
    for lang in ("ja", "en"):
        assert caught.value.message(lang)
    return str(problem.value)


def test_what_is_no_template_is_refused(template, tmp_path):
    good = template("good.pptx")
    check_slides(good)
    assert "nothing there" in refused(tmp_path / "none.pptx")
    assert "nothing there" in refused(tmp_path)
    (tmp_path / "text.pptx").write_text("no zip", encoding="utf-8")
    assert "damaged" in refused(tmp_path / "text.pptx")
    (tmp_path / "half.pptx").write_bytes(good.read_bytes()[:9000])
    assert "damaged" in refused(tmp_path / "half.pptx")
    (tmp_path / "old.pptx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "encrypted or old" in refused(tmp_path / "old.pptx")
    (tmp_path / "book.xlsx").write_bytes(good.read_bytes())
    assert "another kind" in refused(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "other.pptx", "w") as packed:
        packed.writestr("hello.txt", "no presentation")
    assert "damaged" in refused(tmp_path / "other.pptx")


def test_what_could_do_harm_is_refused(template, tmp_path):
    good = template("good.pptx")
    (tmp_path / "macros.pptm").write_bytes(good.read_bytes())
    assert "for macros" in refused(tmp_path / "macros.pptm")
    assert "macros" in refused(with_part(good, "ppt/vbaProject.bin", b"x"))
    assert "macros" in refused(with_part(good, "ppt/activeX/activeX1.xml", b"<a/>"))
    types = zipfile.ZipFile(good).read("[Content_Types].xml").replace(b"presentation.main", b"macroEnabled.main")
    assert "macros" in refused(with_part(good, "", b"", **{"[Content_Types].xml": types}))
    entity = b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    assert "entities" in refused(with_part(good, "ppt/x.xml", entity))
    assert "unpack" in refused(with_part(good, "ppt/media/zeros.bin", bytes(30 << 20)))
    link = b'<Relationships><Relationship Id="r" Type="http://x/image" Target="https://x.invalid/a.png" TargetMode="External"/></Relationships>'
    assert "elsewhere" in refused(with_part(good, "ppt/slideMasters/_rels/more.rels", link))
    harmless = link.replace(b"http://x/image", b"http://x/relationships/hyperlink")
    check_slides(with_part(good, "ppt/slideMasters/_rels/more.rels", harmless))


def test_nothing_is_written_for_a_template_that_is_refused(data, tmp_path):
    (tmp_path / "text.pptx").write_text("no zip", encoding="utf-8")
    with pytest.raises(InputError):
        write_slides(data, tmp_path / "out.pptx", "en", template=tmp_path / "text.pptx")
    assert [path.name for path in tmp_path.iterdir()] == ["text.pptx"]


def test_a_tiny_slide_still_holds_everything(data, template, tmp_path):
    file = opened(write_slides(data, tmp_path / "tiny.pptx", "en", template=template("tiny.pptx", tiny)))
    assert outside(file) == []


def test_without_python_pptx_it_says_what_to_install(data, tmp_path, monkeypatch):
    monkeypatch.setattr(writing_module, "find_spec", lambda name: None)
    with pytest.raises(InputError) as caught:
        write_slides(data, tmp_path / "none.pptx", "en")
    assert 'pip install "tenbin[office]"' in str(caught.value)
    assert 'pip install "tenbin[office]"' in caught.value.message("ja")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(data, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="a file that can be written"):
        write_slides(data, tmp_path / "file" / "own.pptx", "en")
    made = write_slides(data, tmp_path / "deep" / "own.pptx", "en")
    kept = made.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing_module.os, "fsync", full)
    with pytest.raises(InputError, match="No space"):
        write_slides(data, made, "en")
    assert made.read_bytes() == kept
    assert [path.name for path in made.parent.iterdir()] == ["own.pptx"]
