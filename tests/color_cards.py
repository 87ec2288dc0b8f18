"""Test cards (I10): patches whose color we know as CIE Lab, in files with color profiles of our own."""

import io
import struct
import zlib

from PIL import Image

PATCH = 40
D50 = (0.9642, 1.0, 0.8249)
# Red, green and blue as XYZ under D50, from the standards of the two color spaces.
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
ADOBE_GAMMA = 563 / 256

# Some inks as (cyan, magenta, yellow, black), and how our invented press prints them.
INKS = {
    (0, 0, 0, 0): (100, 0, 0),
    (255, 0, 0, 0): (60, -20, -30),
    (0, 255, 0, 0): (50, 60, 0),
    (0, 0, 255, 0): (88, -5, 70),
    (255, 255, 0, 0): (35, 15, -35),
    (255, 0, 255, 0): (50, -35, 20),
    (0, 255, 255, 0): (50, 50, 30),
    (0, 0, 0, 255): (20, 0, 0),
}


def card(mode, colors):
    """Return a picture of square patches beside each other."""
    image = Image.new(mode, (PATCH * len(colors), PATCH))
    for number, color in enumerate(colors):
        image.paste(color, (PATCH * number, 0, PATCH * (number + 1), PATCH))
    return image


def png_of_16_bits(colors):
    """Return a card as a PNG of 16 bits a channel, which Pillow can't write."""
    row = b"\0" + b"".join(struct.pack(">3H", *color) * PATCH for color in colors)
    return png(PATCH * len(colors), PATCH, depth=16, kind=2, rows=row * PATCH)


def png(width, height, *, depth, kind, rows):
    """Return a PNG made of rows as they stand in the file, each with its filter in front."""
    header = struct.pack(">2I5B", width, height, depth, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def patches(image):
    """Return the colors in the middle of the patches of a card."""
    size = image.height
    return [image.getpixel((size * number + size // 2, size // 2)) for number in range(image.width // size)]


def lab_of_srgb(color):
    linear = [_linear(value / 255) for value in color[:3]]
    return _lab(_xyz(linear, SRGB))


def lab_of_adobe(color):
    return _lab(_xyz([(value / 255) ** ADOBE_GAMMA for value in color], ADOBE))


def difference(one, other):
    """Return ΔE (CIE 1976) between two colors in Lab."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def adobe_profile():
    tags = {
        name: b"XYZ \0\0\0\0" + _fixed(*xyz)
        for name, xyz in zip(("rXYZ", "gXYZ", "bXYZ"), ADOBE, strict=True)
    }
    curve = b"curv" + struct.pack(">2IH", 0, 1, round(ADOBE_GAMMA * 256))
    tags |= {"rTRC": curve, "gTRC": curve, "bTRC": curve, "wtpt": b"XYZ \0\0\0\0" + _fixed(*D50)}
    return _profile("mntr", "RGB ", "XYZ ", tags)


def press_profile():
    """Return the profile of a press that prints INKS, and all else that holds black as black."""
    corners = []
    for number in range(16):
        inks = tuple(255 if number & bit else 0 for bit in (8, 4, 2, 1))
        lightness, a, b = INKS.get(inks, (20, 0, 0))
        corners += [round(lightness * 255 / 100), a + 128, b + 128]
    straight = bytes(range(256))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += straight * 4 + bytes(corners) + straight * 3
    return _profile("prtr", "CMYK", "Lab ", {"A2B0": table, "wtpt": b"XYZ \0\0\0\0" + _fixed(*D50)})


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _profile(device, space, connection, tags):
    description = b"desc" + struct.pack(">2I", 0, 5) + b"card\0" + bytes(79)
    tags = {"desc": description, "cprt": b"text\0\0\0\0none\0", **tags}
    table, data, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name.encode() + struct.pack(">2I", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    names = (device + space + connection).encode()
    header = struct.pack(">2I", start + len(data), 0) + struct.pack(">I", 0x02400000) + names
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _fixed(*D50)
    return header.ljust(128, b"\0") + table + data


def _fixed(*numbers):
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _xyz(linear, primaries):
    return [
        sum(part * primary[axis] for part, primary in zip(linear, primaries, strict=True))
        for axis in range(3)
    ]


def _lab(xyz):
    fx, fy, fz = (_cube_root(value / white) for value, white in zip(xyz, D50, strict=True))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _cube_root(value):
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
