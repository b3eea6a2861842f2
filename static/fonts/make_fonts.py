"""Makes the faces in this folder from public packages; run again only when a package moves.

Fetch the four packages with their ordinary clients into one folder, then run this script on it:

    npm pack @expo-google-fonts/noto-serif-sc @expo-google-fonts/noto-sans-sc
    apt-get download texlive-lang-chinese unicode-data
    python static/fonts/make_fonts.py FOLDER

Noto is cut down to GB 2312, the whole 通用规范汉字表 (8,105 characters, levels 1 to 3: the characters that
new names may use), older characters met in names, and the signs that papers use: small faces make printing
quick. What Noto Serif SC knows besides goes into a face of its own, opened only when such a character comes.
Fandol keeps all its characters; FandolFang, in which letters are set, gets TrueType outlines: its own take a third
more room in a PDF, where an outline is the greater part of a paper.
"""

import bz2
import gzip
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).parent
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
FANDOL_LICENCE = "usr/share/doc/texlive-doc/fonts/fandol"
UNIHAN = "usr/share/unicode/Unihan_OtherMappings.txt.bz2"

# (npm package, file in it, name here)
NOTO_FACES = [
    ("noto-serif-sc", "400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular.ttf"),
    ("noto-serif-sc", "700Bold/NotoSerifSC_700Bold.ttf", "NotoSerifSC-Bold.ttf"),
    ("noto-sans-sc", "400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf"),
]
# (npm package, file in it, name here, family)
REST = ("noto-serif-sc", "400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSCRest-Regular.ttf", "Noto Serif SC Rest")
FANDOL_KAI = "FandolKai-Regular.otf"
FANDOL_FANG = "FandolFang-Regular"
OUTLINE_ERROR = 1  # thousandths of an em: 6 µm in a letter, a seventh of a printed dot

# What a TrueType face counts: nothing here is hinted or composed of other glyphs.
MAXIMA = (
    "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours", "maxTwilightPoints", "maxStorage",
    "maxFunctionDefs", "maxInstructionDefs", "maxStackElements", "maxSizeOfInstructions", "maxComponentElements",
    "maxComponentDepth",
)  # fmt: skip

# Characters of living people's names that stand in neither list (old or dialect forms).
NAME_CHARACTERS = (
    "䶮㛃𬬭𬭎㑇㑊㕮㘎㙍㙘㙦㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃"
    "䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙㐂㐱㑺㒲㒰㕥㕦㗊㗲㘝㘭㙓㙟㛂㛄㛏㛛㜆㝅㝢㞎㞧㟁㠭㡡㢛㢲㣧㤁㥁㦂㦡㧢㨗㨦㩉㩦"
    "喆堃昇淼彧甯寗犇骉叒囍垚垕堯奫妘妡姌姈姸娍娪娬婈婋媗嫀嫄嫏嬅嬨孖孞宬寀寘尃屾峣崟嵘嶶巘帡幐広弢彣徳忞恊恵惪愔憓懔戬扆抃掞揕敔敳斈斿旴旸昉昍昐昪"
    "昫晅晈晊晙晛晞晢晥晧晳暐暟暠暻曈曌曔曦朏朤枊枤柷桉梽棪棽椼楙楦槿樨橞橦檠櫆欐欣欶歆殷毓氿沄沅沚沢洣洺浠浵涢涴淯渃渼湉湜湝溦溱滎滢漖漪潆潞澍澔澠澴"
    "濙濛瀅瀍瀚灊炘炜炤炫烎烜烱焌焜焮煊煐煕煚煜煟熠熤熹燊燏燚燡爔爕牁牂犨狄玎玘玙玚玞玟玠玡玢玥玦玹玿珈珉珏珑珙珝珣珦珩珪珵珺琁琇琈琎琤琨琬琭琯琲琸瑄瑆瑗"
    "瑢瑧瑭瑱璁璆璇璈璐璕璘璟璠璥璩璪璱瓅瓒畇畯痃皊皛皞眀睆睿瞾砡硙硕祎祚祼禛禤穏竑竽笎筠筼箬箓篪簃粦糸紘紹絜綝緈繄纁罡羴翀翃翙翚翯耑耔聍聿肜肸胤胥臻"
    "舢芃芄芊芏芗苡苾茆茛茳茼荇荛荞荻莜莳莼菀菂菁菉菘萁萱葳蒗蒨蓁蓥蔺蕖蕤薏薳藁虓虬蜎袆裎裒裕訄訚詡詠誼諲謇謦譞譽讓谌谞豳貢赟赪趱跹踔轘轲迓迪逄逦逯遹邗"
    "邨邴邶郃郄郇郓郗郚郜鄄鄑鄞鄢鄯鄱酆醪釗釴鈊鈺鉝鉴鉷銀銘鋆鋐鋕錡錤錦鍀鍇鍳鍾鎏鎔鎬鏐鏵鐏鐻鑫鑾钇钊钏钰钺铄铉铖铼锃锜锟锳锽镇镈镔镕镠镡镭镰闫闳阇陞陳隺隽雎雩雯"
    "霂霈霙靑靖韡韫韺頔頲顒顥颋颎颐颙颢飏飚馀馥馨骃骎骐骕骜骢骥髙髤鬯魍鱻鲲鲳鴻鵬鵾鶱鸑鸣鸾鹍鹓鹔鹫鹮麂麐麒麟黉黟黼龑龢龑龘靇㵘厵孨晶焱"
)
SIGNS = (
    "·•…—–―‘’“”′″‰℃№℡※→←↑↓↔⇒✓✔✗✘☐☑☒□■○●◎△▲◆◇★☆♀♂×÷±≈≠≤≥∞∑√°§¶¥€￥"
    "〇〔〕〖〗〈〉《》「」『』【】、。〃々〆①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩㎡㎞㎏㏄"
    "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ✂āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêɑḿńňǹɡ"
)


def gb2312():
    """All characters of GB 2312, signs included, as a set of strings."""
    rows = range(0xA1, 0xF8)
    cells = range(0xA1, 0xFF)
    return {bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in cells} - {""}


def standard_characters(unihan):
    """The 8,105 characters of 通用规范汉字表 from Unihan's field kTGH."""
    lines = bz2.decompress(unihan.read_bytes()).decode().splitlines()
    found = {chr(int(m[1], 16)) for line in lines if (m := re.match(r"U\+(\w+)\tkTGH\t", line))}
    if len(found) != 8105:
        raise SystemExit(f"通用规范汉字表 has 8,105 characters, Unihan gave {len(found)}")
    return found


def wanted_characters(unihan):
    """Every code point that a Noto face here should hold."""
    latin = {chr(code) for code in [*range(0x20, 0x7F), *range(0xA0, 0x100)]}
    full_width = {chr(code) for code in range(0xFF01, 0xFF5F)}
    spaces = {"\u2002", "\u2003", "\u2009", "\u3000", "\u00ad", "\u200b"}
    return {ord(c) for c in gb2312() | standard_characters(unihan) | latin | full_width | spaces} | {
        ord(c) for c in NAME_CHARACTERS + SIGNS
    }


def rest_of(source, code_points):
    """The code points that `source` has besides these; Hangul is nowhere needed."""
    with TTFont(source, lazy=True) as font:
        return {code for code in font.getBestCmap() if code not in code_points and not 0xAC00 <= code <= 0xD7A3}


def cut_face(source, target, code_points, family=None):
    """Writes `target` with only `code_points`, under the name `family`; returns those that `source` lacks."""
    options = subset.Options()
    options.layout_features = ["ccmp", "locl", "kern", "mark"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    missing = code_points - set(font.getBestCmap())
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    if family:
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                record.string = family.replace(" ", "") if record.nameID == 6 else family
    subset.save_font(font, str(target), options)
    return missing


def with_truetype_outlines(source, target):
    """Writes the face `source` with quadratic outlines in the place of cubic ones, the same within OUTLINE_ERROR."""
    font = TTFont(source, recalcTimestamp=False)
    order, drawn, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, OUTLINE_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name, glyph in glyphs.items():
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    counts = dict.fromkeys(MAXIMA, 0) | {"maxZones": 1, "numGlyphs": len(order)}
    font["maxp"].tableVersion = 0x00010000
    vars(font["maxp"]).update(counts)
    font["maxp"].recalc(font)
    font["post"].formatType = 3.0
    del font["CFF "], font["VORG"]
    font.sfntVersion = "\000\001\000\000"
    font.save(target)


def unpack(folder, into):
    """Unpacks the packages of `folder` below `into`, each under its own short name."""
    for package in ("noto-serif-sc", "noto-sans-sc"):
        archive = next(folder.glob(f"expo-google-fonts-{package}-*.tgz"))
        with tarfile.open(archive) as tar:
            tar.extractall(into / package, filter="data")
    for package in ("texlive-lang-chinese", "unicode-data"):
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive, into / package], check=True)


def main(folder):
    """Makes every face and licence file of this folder and prints their sizes and SHA-256."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        unpack(folder, root)
        code_points = wanted_characters(root / "unicode-data" / UNIHAN)
        for package, inside, name in NOTO_FACES:
            missing = cut_face(root / package / "package" / inside, HERE / name, code_points)
            print(f"{name} lacks {len(missing)}: {''.join(map(chr, sorted(missing)))}")
            licence = root / package / "package" / "LICENSE_FONT"
            (HERE / f"LICENSE-{package}.txt").write_bytes(licence.read_bytes())
        package, inside, name, family = REST
        source = root / package / "package" / inside
        cut_face(source, HERE / name, rest_of(source, code_points), family)
        fandol = root / "texlive-lang-chinese"
        (HERE / FANDOL_KAI).write_bytes((fandol / FANDOL / FANDOL_KAI).read_bytes())
        with_truetype_outlines(fandol / FANDOL / f"{FANDOL_FANG}.otf", HERE / f"{FANDOL_FANG}.ttf")
        copying = gzip.decompress((fandol / FANDOL_LICENCE / "COPYING.gz").read_bytes())
        (HERE / "LICENSE-fandol.txt").write_bytes(copying)
        (HERE / "README-fandol.txt").write_bytes((fandol / FANDOL_LICENCE / "README").read_bytes())
    for path in sorted([*HERE.glob("*.ttf"), *HERE.glob("*.otf")]):
        data = path.read_bytes()
        print(f"| `{path.name}` | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
