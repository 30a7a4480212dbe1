"""The harness: what it computes from runs, what it draws, and that a change reaches every builder's tree."""

import sys
from pathlib import Path

import pytest
from lxml import etree
from measure import Failed, run
from picture import picture
from results import Ratio, Raw, Results
from trees import Trees


def _raw(measure: str, builder: str, turn: int, wall: float, *, number: int = 100, pss_mib: int = 0) -> Raw:
    return Raw(measure, builder, number, turn, wall, wall, pss_mib)


def test_a_ratio_is_that_of_the_medians_and_its_spread_that_of_the_rounds() -> None:
    """One slow round moves neither median much; the spread shows it."""
    results = Results(100, 1000, 3)
    results.runs = [_raw("edit", "hugo", turn, wall) for turn, wall in enumerate((2.0, 2.0, 8.0))]
    results.runs += [_raw("edit", "portal", turn, wall) for turn, wall in enumerate((0.5, 1.0, 1.0))]
    assert results.ratios() == {"edit/hugo": Ratio(0.5, 0.125, 0.5)}


def test_what_was_not_measured_has_no_ratio() -> None:
    """A session of one measure says nothing about the others."""
    results = Results(100, 0, 1)
    results.runs = [_raw("cold", "hugo", 0, 1.0), _raw("edit", "portal", 0, 1.0)]
    assert results.ratios() == {}
    assert results.as_json()["ratios"] == {}


def test_growth_compares_two_numbers_of_articles() -> None:
    """The grown site's time is held against that of the usual one, and its memory told in MiB."""
    results = Results(100, 1000, 1)
    results.runs = [_raw("growth-cold", "portal", turn, 1.0) for turn in (0, 1)]
    results.runs += [_raw("growth-cold", "portal", 0, 9.0, number=1000, pss_mib=700)]
    found = results.as_json()["ratios"]
    assert found == {"growth": 9.0, "growth-memory-mib": 700}


def test_the_picture_is_well_formed_and_fits_800_pixels() -> None:
    """Bars of less go to the left, of more to the right, and none leaves the picture."""
    drawn = etree.fromstring(
        picture({"edit/hugo": Ratio(0.1, 0.01, 0.2), "cold/hugo": Ratio(7, 6, 40)}, "Title & more", "note").encode()
    )
    assert drawn.get("width") == "800"
    more, less = (each for each in drawn.iter("{*}rect") if each.get("x"))
    assert float(less.get("x")) + float(less.get("width")) == pytest.approx(float(more.get("x")))
    for line in drawn.iter("{*}line"):
        assert 0 < float(line.get("x1")) <= float(line.get("x2")) < 800


def test_a_command_is_measured_with_its_children() -> None:
    """Memory is that of the whole tree; a command that fails is not a measurement."""
    child = "x = bytearray(60_000_000); import time; time.sleep(0.5)"
    found = run(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"], every=0.02
    )
    assert found.wall > 0.5
    assert found.pss_mib > 60
    with pytest.raises(Failed, match="exit 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_change_reaches_every_tree(tmp_path: Path) -> None:
    """All builders have the same work before them: the edited, new and withdrawn article stand in each tree."""
    trees = Trees(60, tmp_path)
    builders = ("hugo", "pelican", "portal", "portal-full")
    for builder in builders:
        trees.write(builder, tmp_path)
    edited, added, gone = trees.edit(30), trees.add(), trees.withdraw(20)
    for builder in builders:
        texts = {path.stem: path.read_text(encoding="utf-8") for path in trees.folder(builder).rglob("t20*.md")}
        assert edited.words in texts[Path(edited.path).stem]
        assert added.words in texts[Path(added.path).stem]
        if builder.startswith("portal"):
            assert gone.words in texts[Path(gone.path).stem]
        else:
            assert Path(gone.path).stem not in texts


def test_a_checkout_writes_the_sources_anew_and_keeps_what_was_built(tmp_path: Path) -> None:
    """Other inodes, the same text; caches and releases are moved as they are."""
    trees = Trees(60, tmp_path)
    trees.write("portal", tmp_path)
    root = trees.folder("portal")
    (root / ".cache").mkdir()
    kept = root / ".cache" / "kept"
    kept.write_text("kept")
    (root / "releases" / "1").mkdir(parents=True)
    (root / "output").symlink_to("releases/1")
    before = {path: (path.stat().st_ino, path.read_bytes()) for path in root.rglob("*.md")}
    inode = kept.stat().st_ino
    trees.checkout("portal")
    assert kept.stat().st_ino == inode
    assert (root / "output").readlink() == Path("releases/1")
    assert len(before) == 60
    for path, (old, data) in before.items():
        assert path.read_bytes() == data
        assert path.stat().st_ino != old
