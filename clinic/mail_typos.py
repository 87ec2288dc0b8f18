"""Likely slips of the finger in e-mail addresses: something to ask about, never an error."""

# Where most patients have their mail.
PROVIDERS = [
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com",
    "att.net", "comcast.net", "verizon.net", "sbcglobal.net", "bellsouth.net", "protonmail.com",
    "googlemail.com",
]  # fmt: skip
# Real ones that look like a slip in one of those.
LOOK_ALIKES = {"mail.com", "email.com", "ymail.com", "cloud.com"}
# Shorter names are one letter away from too many real ones.
SHORTEST_NAME = 5


def suggestion(address: str) -> str:
    """Return the address that was probably meant, or an empty string if nothing looks wrong."""
    user, _at, typed = address.rpartition("@")
    typed = typed.lower()
    if typed in LOOK_ALIKES or typed in PROVIDERS:
        return ""
    return next((f"{user}@{meant}" for meant in PROVIDERS if _is_slip(typed, meant)), "")


def _is_slip(typed, meant):
    name = meant.partition(".")[0]
    is_telling = len(name) >= SHORTEST_NAME or typed.startswith(f"{name}.")
    return is_telling and _is_one_edit_away(typed, meant)


def _is_one_edit_away(typed, meant):
    """Tell whether one letter is too many, missing or wrong, or two neighbors changed places."""
    return any(
        typed[:at] == meant[:at]
        and (
            typed[at + 1 :] == meant[at:]
            or typed[at:] == meant[at + 1 :]
            or typed[at + 1 :] == meant[at + 1 :]
            or (typed[at : at + 2] == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :])
        )
        for at in range(len(meant) + 1)
    )
