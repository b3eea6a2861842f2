"""Many printed PDF files in one, still PDF/A, written file by file: memory does not grow with the number of pages."""

from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, BinaryIO

import pikepdf

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
KEPT_OF_FIRST = ("/Lang", "/Metadata", "/OutputIntents", "/MarkInfo", "/ViewerPreferences")


def merge(files: Sequence[Path | BinaryIO], target: Path, title: str | None = None) -> int:
    """Writes the pages of all `files` (in order) into `target`; returns the number of pages.

    What makes it PDF/A (colour profile, metadata) is that of the first file; each file keeps its own fonts, and one
    node of the page tree.
    """
    with target.open("wb") as output:
        whole = _Whole(output)
        for place, file in enumerate(files):
            with pikepdf.open(file) as part:
                if title and place == 0:
                    _set_title(part, title)
                whole.append(part, first=place == 0)
        return whole.finish()


def _set_title(pdf: pikepdf.Pdf, title: str) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:title"] = title
    pdf.docinfo["/Title"] = title


class _Whole:
    """The file being written: where each object begins, and the page-tree node of each part."""

    def __init__(self, output: IO[bytes]) -> None:
        self.output = output
        self.starts = array("Q", [0])  # by object number; 0 is never used
        self.nodes: list[tuple[int, int]] = []
        output.write(HEADER)
        self.root, self.tree = self._reserve(), self._reserve()

    def append(self, part: pikepdf.Pdf, first: bool) -> None:
        """Write one file's pages and all they need; of the first file also what the whole file says of itself."""
        node, copy = self._reserve(), _Copy(self, part)
        pages = [copy.write_page(page.obj, node) for page in part.pages]
        self._write(node, _tree(pages, len(pages), self.tree))
        self.nodes.append((node, len(pages)))
        if first:
            kept = b"".join(b"%s %s" % (key.encode(), copy.text(part.Root[key])) for key in KEPT_OF_FIRST
                            if key in part.Root)  # fmt: skip
            self._write(self.root, b"<</Type/Catalog/Pages %d 0 R%s>>" % (self.tree, kept))
            self.trailer = b"/Info %s/ID %s" % (copy.text(part.docinfo), copy.text(part.trailer["/ID"]))
        copy.write_rest()

    def finish(self) -> int:
        """Write the page tree and the table of objects; the number of pages."""
        count = sum(pages for _, pages in self.nodes)
        self._write(self.tree, _tree([node for node, _ in self.nodes], count))
        table, size = self.output.tell(), len(self.starts)
        self.output.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        self.output.writelines(b"%010d 00000 n \n" % start for start in self.starts[1:])
        self.output.write(b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (size, self.root, self.trailer))
        self.output.write(b"startxref\n%d\n%%%%EOF\n" % table)
        return count

    def _reserve(self) -> int:
        self.starts.append(0)
        return len(self.starts) - 1

    def _write(self, number: int, text: bytes, stream: bytes | None = None) -> None:
        self.starts[number] = self.output.tell()
        body = b"" if stream is None else b"\nstream\n%s\nendstream" % stream
        self.output.write(b"%d 0 obj\n%s%s\nendobj\n" % (number, text, body))


class _Copy:
    """One file's objects on their way into the whole, under new numbers; each is written once."""

    def __init__(self, whole: _Whole, part: pikepdf.Pdf) -> None:
        self.whole = whole
        self.part = part
        self.numbers = {page.obj.objgen: whole._reserve() for page in part.pages}
        self.waiting: list[tuple[int, pikepdf.Object]] = []

    def write_page(self, page: pikepdf.Object, node: int) -> int:
        """Write one page below its node; its number."""
        number = self.numbers[page.objgen]
        entries = b"".join(self._entries(page, leave="/Parent"))
        self.whole._write(number, b"<</Parent %d 0 R%s>>" % (node, entries))
        return number

    def write_rest(self) -> None:
        """Write whatever was referred to, until nothing new is."""
        while self.waiting:
            number, found = self.waiting.pop()
            if isinstance(found, pikepdf.Stream):
                raw = found.read_raw_bytes()
                entries = b"".join(self._entries(found, leave="/Length"))
                self.whole._write(number, b"<</Length %d%s>>" % (len(raw), entries), raw)
            else:
                self.whole._write(number, self.text(found, itself=True))

    def text(self, found, itself: bool = False) -> bytes:
        """A value as it stands in the file; another object as a reference to it, unless `itself` is asked for."""
        if isinstance(found, pikepdf.Object):
            if found.is_indirect and not itself:
                return b"%d 0 R" % self._number(found)
            if isinstance(found, pikepdf.Dictionary):
                return b"<<%s>>" % b"".join(self._entries(found))
            if isinstance(found, pikepdf.Array):
                return b"[%s]" % b" ".join(self.text(each) for each in found)
            return found.unparse()
        if isinstance(found, bool) or found is None:
            return {True: b"true", False: b"false", None: b"null"}[found]
        return format(found, "f").encode() if isinstance(found, Decimal) else str(found).encode()

    def _entries(self, found, leave: str = "") -> Iterator[bytes]:
        for key in found.keys():  # noqa: SIM118  (a PDF dictionary is no mapping to iterate over)
            if key != leave:
                yield b"%s %s" % (pikepdf.Name(key).unparse(), self.text(found[key]))

    def _number(self, found: pikepdf.Object) -> int:
        key = found.objgen
        if key not in self.numbers:
            self.numbers[key] = self.whole._reserve()
            self.waiting.append((self.numbers[key], found))
        return self.numbers[key]


def _tree(kids: list[int], count: int, parent: int | None = None) -> bytes:
    below = b"/Parent %d 0 R" % parent if parent else b""
    return b"<</Type/Pages/Count %d%s/Kids[%s]>>" % (count, below, b" ".join(b"%d 0 R" % kid for kid in kids))
