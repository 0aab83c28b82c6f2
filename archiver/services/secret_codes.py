"""Secrets that are handed out once and kept only as hashes."""

import base64
import hashlib

from archiver.domain.ids import RandomBytes

USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants only (RFC 8628 section 6.1): no words, nothing that looks like a digit."""
USER_CODE_LENGTH = 8
"""20 letters, 8 of them: 34.6 bits."""


def make_secret(random: RandomBytes) -> str:
    """256 random bits in URL-safe base64 without padding (43 characters)."""
    return base64.urlsafe_b64encode(random(32)).decode("ascii").rstrip("=")


def fingerprint(secret: str) -> str:
    """What is stored of a secret: its SHA-256. Enough for 256 random bits; no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def make_user_code(random: RandomBytes) -> str:
    """A code that a person compares, for instance `BCDF-GHJK`; every letter equally likely."""
    letters: list[str] = []
    ceiling = 256 - 256 % len(USER_CODE_LETTERS)  # bytes above it would favour the first letters
    while len(letters) < USER_CODE_LENGTH:
        letters += [
            USER_CODE_LETTERS[b % len(USER_CODE_LETTERS)] for b in random(16) if b < ceiling
        ]
    code = "".join(letters[:USER_CODE_LENGTH])
    return f"{code[:4]}-{code[4:]}"


def fold_user_code(typed: str) -> str:
    """The code as it was made, whatever case, spaces or dashes it was typed with."""
    code = "".join(letter for letter in typed.upper() if letter in USER_CODE_LETTERS)
    return f"{code[:4]}-{code[4:]}"
