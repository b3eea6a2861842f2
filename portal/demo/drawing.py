"""Pictures of the demonstration: a street at some hour of the day, drawn in place of a photo."""

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 1200, 750
SKIES = ((206, 228, 245), (250, 226, 196), (52, 66, 98))
WALLS = ((214, 196, 178), (196, 178, 164), (226, 214, 196), (182, 188, 196))
WINDOWS = ((255, 226, 140), (110, 132, 156))
VESTS = ((199, 0, 11), (224, 96, 40))
GROUND = 560


def street(rng: Random) -> bytes:
    """Sky, houses with lit windows, trees, and people in red vests; a JPEG."""
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((WIDTH - 260, 70, WIDTH - 150, 180), fill=(250, 240, 200))
    _houses(draw, rng)
    draw.rectangle((0, GROUND, WIDTH, HEIGHT), fill=(150, 156, 150))
    for _ in range(rng.randint(3, 6)):
        x = rng.randint(60, WIDTH - 90)
        draw.rectangle((x, 470, x + 14, 580), fill=(110, 84, 62))
        draw.ellipse((x - 52, 370, x + 66, 500), fill=(84, 138, 92))
    for _ in range(rng.randint(4, 7)):
        x, top = rng.randint(80, WIDTH - 120), 690 - rng.randint(96, 120)
        draw.ellipse((x, top - 44, x + 40, top - 4), fill=(236, 200, 172))
        draw.rounded_rectangle((x - 8, top, x + 48, 690), 16, fill=rng.choice(VESTS))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _houses(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    left = -40
    while left < WIDTH:
        wide, top = rng.randint(130, 220), rng.randint(190, 380)
        draw.rectangle((left, top, left + wide, GROUND), fill=rng.choice(WALLS))
        for y in range(top + 26, 520, 62):
            for x in range(left + 20, left + wide - 40, 52):
                draw.rectangle((x, y, x + 26, y + 34), fill=rng.choice(WINDOWS))
        left += wide + rng.randint(4, 26)
