"""Pictures that people send: drawn anew as a JPEG of bounded size that carries nothing of the old file."""

import io
import warnings

from PIL import Image, ImageOps

from portal.errors import BadValue

LONGEST_SIDE = 1600
MOST_PIXELS = 64_000_000  # the largest ordinary phone cameras
FORMATS = ("JPEG", "PNG", "WEBP")


def redrawn(content: bytes) -> bytes:
    """The picture as a JPEG of at most 1600 px, without EXIF; BadValue with a Chinese sentence when it is none.

    Slow: call it outside the write transaction.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                return _small_jpeg(picture)
    except BadValue:
        raise
    # A damaged file fails in many ways deep in the decoders; each means the same to the person.
    except Exception as wrong:
        raise BadValue("照片打不开：请上传 JPG、PNG 或 WebP 格式的照片。") from wrong


def _small_jpeg(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise BadValue("照片太大：请上传 6400 万像素以内的照片。")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turned.mode in ("RGBA", "LA", "P"):
        turned = turned.convert("RGBA")
        white = Image.new("RGBA", turned.size, "white")
        turned = Image.alpha_composite(white, turned)
    # A picture made anew carries nothing of the old file: no EXIF, no comments, no place.
    fresh = Image.new("RGB", turned.size)
    fresh.paste(turned.convert("RGB"))
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
