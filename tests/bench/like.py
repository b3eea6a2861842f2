"""The gap to another typesetter (P7): what a sheet like the record card costs there, fifty in one file.

Writes the PDF to the path named first; prints processor seconds for a sheet.
"""

import io
import json
import sys
import time
from pathlib import Path

import segno
import typst

HERE = Path(__file__).parent
FONTS = HERE.parents[1] / "static" / "fonts"
SHEETS = 50
HEADS = ("序号", "日期", "起止时间", "时长/小时", "类别", "服务内容和地点", "服务对象或人数", "凭据和确认人", "登记人")


def main() -> None:
    """Print all sheets, once to be warm and once to be measured, and say what one took."""
    words = {"cards": json.dumps([_card(place) for place in range(SHEETS)], ensure_ascii=False)}
    press = typst.Compiler(str(HERE / "like.typ"), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=words)
    press.compile(format="pdf", pdf_standards="a-2u")
    changed = {"cards": words["cards"].replace("凤进社写", "凤进社乙")}
    begun = time.process_time()
    pdf = press.compile(format="pdf", pdf_standards="a-2u", sys_inputs=changed)
    print((time.process_time() - begun) / SHEETS)
    Path(sys.argv[1]).write_bytes(pdf)


def _card(place: int) -> dict:
    qr = io.BytesIO()
    segno.make(f"https://portal.example/verify/{place:040}", error="m").save(qr, kind="svg", border=0)
    line = ("6月1日", "9:00—11:00", "2", "环境卫生", "儒林苑楼道清扫", "居民30人", "照片1张，王秀兰", "陈网格")
    return {
        "title": "在职党员进社区情况写实登记卡",
        "number": f"凤进社写〔2026〕{place:04}号",
        "head": [["年　　度", "2026年"], ["姓　　名", f"党员{place:05}"], ["工作单位", "凤翔中学"],
                 ["社　　区", "儒林社区"], ["服 务 队", "—"], ["服务岗位", "—"]],
        "heads": HEADS,
        "lines": [[str(number), *line] for number in (1, 2, 3)],
        "qr": qr.getvalue().decode(),
        "check": "校验码：ABC-DEF-GHI-JKL",
        "office": "儒林社区党组织",
        "day": "2026年12月31日",
    }  # fmt: skip


if __name__ == "__main__":
    main()
