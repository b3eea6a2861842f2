"""The faces hold what names need, are the files that FONTS.md says, and lacking characters are named."""

import hashlib
import re
from pathlib import Path

from portal.papers.glyphs import unprintable
from portal.papers.render import FONTS

RARE = "䶮㛃𬬭𬭎𬍛𬘭𬱖𫍽𫖯㸌喆堃昇淼珺珩翀赟骉犇彧婳旻祎翾瑀璟堉翚"
MARKS = "·，。；：？！（）《》〈〉“”‘’、…—〔〕【】①②⑳□■○●△√×％０１２ABCabc123āěü￥°"


def test_rare_name_characters_and_marks_can_be_printed(tmp_path):
    assert unprintable(RARE + MARKS, tmp_path) == []


def test_what_no_face_has_is_named_once(tmp_path):
    assert unprintable("王😀小☑明😀\n", tmp_path) == ["😀", "☑"]


def test_files_are_those_that_fonts_md_names():
    lines = re.findall(r"\| `([^`]+)` \| ([\d,]+) \| `(\w{64})` \|", (FONTS / "FONTS.md").read_text("utf-8"))
    assert {name for name, _, _ in lines} == {p.name for p in FONTS.iterdir() if p.suffix in {".ttf", ".otf"}}
    for name, size, digest in lines:
        data = Path(FONTS, name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (int(size.replace(",", "")), digest)
