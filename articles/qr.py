from dataclasses import dataclass

import qrcode


@dataclass(frozen=True)
class Code:
    """A QR code: so many modules wide and high, and the dark ones as an SVG path of unit squares."""

    size: int
    path: str


def code(text):
    """Return the QR code of a text; a quarter of it may be covered and it still reads."""
    drawn = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_Q)
    drawn.add_data(text)
    rows = drawn.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Code(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
