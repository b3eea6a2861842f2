"""The yardstick of printing: for each sheet a new document with the system's faces, as one would first write it.

Reads the pages (JSON) from the file named first, the stylesheet from the second; prints processor seconds for a sheet.
"""

import json
import sys
import time
from pathlib import Path

import weasyprint


def main() -> None:
    """Print all pages and say what one took."""
    pages, style = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]).read_text()
    begun = time.process_time()
    for page in pages:
        weasyprint.HTML(string=page).write_pdf(stylesheets=[weasyprint.CSS(string=style)], pdf_variant="pdf/a-2u")
    print((time.process_time() - begun) / len(pages))


if __name__ == "__main__":
    main()
