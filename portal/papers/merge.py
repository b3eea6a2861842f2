"""Many printed PDF files in one, still PDF/A."""

from pathlib import Path

import pikepdf


def merge(files: list[Path], target: Path, title: str | None = None) -> int:
    """Writes the pages of all `files` (paths, in order) into `target`; returns the number of pages.

    The first file is opened and the others' pages are appended: a new file would lose the colour profile
    and the metadata that make it PDF/A.
    """
    first, *others = files
    with pikepdf.open(first) as whole:
        opened = []
        for path in others:
            part = pikepdf.open(path)
            opened.append(part)
            whole.pages.extend(part.pages)
        if title:
            _set_title(whole, title)
        pages = len(whole.pages)
        # No new compressed streams: each would have to be checked as press.write checks its own.
        whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        for part in opened:
            part.close()
    return pages


def _set_title(pdf: pikepdf.Pdf, title: str) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:title"] = title
    pdf.docinfo["/Title"] = title
