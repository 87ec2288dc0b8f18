"""Readable references of requests, such as R-7K4M-2QX, for the phone and the confirmation page.

A reference names a request; it is no credential and opens nothing.
"""

import re
import secrets
import unicodedata

# No vowels, which make words; no R, which begins every reference; of signs that look alike
# (0 O, 1 I L, 8 B, 6 G, 5 S, 2 Z, U V) at most the digit.
ALPHABET = "23456789CDFHJKMNPQTWXY"
LOOK_ALIKES = str.maketrans("BGSZ", "8652")
LENGTH = 7
# The second group may still be missing, in whole or in part.
TYPED = re.compile(f"R?([{ALPHABET}]{{4}})([{ALPHABET}]{{0,3}})")


def new_reference() -> str:
    """Make a reference of 31 random bits; the caller stores it under a unique constraint."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"R-{code[:4]}-{code[4:]}"


def normalise(typed: str) -> str:
    """Return the reference that somebody typed or spelled out, or an empty string if it is none."""
    reference = beginning(typed)
    return reference if len(reference) == len("R--") + LENGTH else ""


def beginning(typed: str) -> str:
    """Return how a reference begins of which somebody typed the first four letters or more, or nothing."""
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed).upper()))
    match = TYPED.fullmatch(letters.translate(LOOK_ALIKES))
    return f"R-{match[1]}-{match[2]}" if match else ""
