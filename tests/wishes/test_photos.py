"""Photos: small, without EXIF, under random names; what is no picture is refused in words."""

import datetime as dt
import io
import os

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal import clock
from portal.errors import BadValue
from portal.wishes import photos
from portal.wishes.models import WishPhoto


def picture(kind="JPEG", size=(2400, 1200), mode="RGB", **more) -> FileStorage:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **more)
    out.seek(0)
    return FileStorage(out, filename=f"我家.{kind.lower()}")


def with_place() -> FileStorage:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone upright
    exif[0x010F] = "SomePhone"
    exif.get_ifd(0x8825)[2] = (34.0, 30.0, 12.0)  # GPS latitude
    return picture(exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_small_and_named_at_random(app, kind):
    (name,) = photos.keep([picture(kind)])
    assert len(name) == 36
    with Image.open(photos.path_of(name)) as kept:
        assert (kept.format, kept.size) == ("JPEG", (1600, 800))
    assert photos.path_of(name).stat().st_mode & 0o777 == 0o600


def test_nothing_of_the_phone_or_the_place_remains(app):
    (name,) = photos.keep([with_place()])
    content = photos.path_of(name).read_bytes()
    with Image.open(photos.path_of(name)) as kept:
        assert kept.size == (800, 1600)  # turned as it was held
        assert dict(kept.getexif()) == {}
    assert b"SomePhone" not in content and b"Exif" not in content


def test_what_is_clear_becomes_white(app):
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    out.seek(0)
    (name,) = photos.keep([FileStorage(out, filename="a.png")])
    with Image.open(photos.path_of(name)) as kept:
        assert kept.getpixel((20, 20)) == (255, 255, 255)


def test_files_left_empty_are_none(app):
    assert photos.keep([FileStorage(io.BytesIO(b""), filename="")]) == []


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([b"GIF89a" + b"\0" * 40], "照片打不开：请上传 JPG、PNG 或 WebP 格式的照片。"),
        ([b"<svg xmlns='http://www.w3.org/2000/svg'/>"], "照片打不开：请上传 JPG、PNG 或 WebP 格式的照片。"),
        ([b""], "照片打不开：请上传 JPG、PNG 或 WebP 格式的照片。"),
        ([picture().stream.read()[:700]], "照片打不开：请上传 JPG、PNG 或 WebP 格式的照片。"),
        ([b"x"] * 4, "照片最多 3 张。"),
    ],
)
def test_what_is_no_picture_is_refused(app, files, sentence):
    before = len(list(photos.path_of("x").parent.glob("*.jpg")))
    with pytest.raises(BadValue) as refusal:
        photos.keep([FileStorage(io.BytesIO(content), filename="a.jpg") for content in files])
    assert refusal.value.sentence == sentence
    assert len(list(photos.path_of("x").parent.glob("*.jpg"))) == before


def test_a_picture_of_too_many_pixels_is_refused(app):
    bomb = picture("PNG", size=(20000, 20000), mode="1")
    with pytest.raises(BadValue):
        photos.keep([bomb])


def test_files_that_no_wish_names_are_swept_after_a_day(app):
    names = photos.keep([picture(size=(40, 40)), picture(size=(40, 40))])
    old = (clock.now() - dt.timedelta(days=2)).timestamp()
    os.utime(photos.path_of(names[0]), (old, old))
    photos.sweep(clock.now())
    assert [photos.path_of(name).exists() for name in names] == [False, True]
    assert list(app.extensions["sqlalchemy"].session.scalars(select(WishPhoto))) == []
