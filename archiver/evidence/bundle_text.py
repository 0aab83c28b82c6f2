"""The two files of every bundle that are for its reader: README.txt and verify.sh."""

from importlib.resources import files


def readme() -> bytes:
    """Instructions in English and French, with the stock commands."""
    return _file("README.txt")


def script() -> bytes:
    """The verification with bash, coreutils, unzip and openssl."""
    return _file("verify.sh")


def _file(name: str) -> bytes:
    return files("archiver.evidence").joinpath("bundle_files", name).read_bytes()
