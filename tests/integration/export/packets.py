"""A downloaded bundle on a stranger's desk, and the stock tools that check it."""

import subprocess
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.integration.client import TestClient

CHECKPOINT_TEXT = """
    csplit -s -f part STATEMENT.tlog-proof '/^$/' '{*}'
    tail -n +2 part01 > text
"""
"""The README's way from a receipt to the text that was signed and time-stamped."""


def download(client: TestClient, path: str, *, seconds: float = 20) -> bytes:
    """A bundle, asked for again while its newest record waits for its time stamp."""
    deadline = time.monotonic() + seconds
    while (answer := client.get(path)).status_code == 202:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment;")
    content: bytes = answer.content
    return content


@dataclass(frozen=True)
class Packet:
    """The bundle as a file, and unpacked beside it."""

    path: Path

    @property
    def data(self) -> Path:
        """The unpacked payload."""
        return self.path.with_suffix("") / "data"

    def names(self) -> set[str]:
        """Payload files by their path under `data/`."""
        return {str(path.relative_to(self.data)) for path in self.data.rglob("*")}

    def script_says(self) -> str:
        """The last line of the script that came in the bundle."""
        done = subprocess.run(
            ["bash", self.data / "verify.sh", self.path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return done.stdout.strip().rpartition("\n")[2]

    def openssl_says(self, folder: str, token: str, stamped: str) -> str:
        """What `openssl ts -verify` says of a token over a file of that folder; `text` is the
        checkpoint's signed text."""
        roots = self.data / "keys/roots.pem"
        verify = f"openssl ts -verify -in {token} -data {stamped} -CAfile {roots}"
        done = subprocess.run(
            ["bash", "-c", f"set -e{CHECKPOINT_TEXT}{verify}"],
            cwd=self.data / folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr


def packet(data: bytes, folder: Path) -> Packet:
    """Puts a downloaded bundle into a folder and unpacks it there."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(path.with_suffix(""))
    return Packet(path)
