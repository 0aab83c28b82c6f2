"""moto's S3 server as a process of its own, with one bucket a test."""

import shutil
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.servers.process import Process, accepts, free_port

REGION = "eu-west-3"
KEY, SECRET = "rature-test", "rature-test-secret"
LOCATION = (
    f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint>"
    "</CreateBucketConfiguration>"
)


class S3:
    """A context manager. What is stored lives in memory and ends with the server."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rature-s3-"))
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._made = 0
        self._process: Process | None = None

    def __enter__(self) -> Self:
        self._process = Process(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            log=self.folder / "moto.log",
        )
        try:
            self._process.wait_until(lambda: accepts(self.port), what="moto's S3 answers")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def bucket(self) -> dict[str, str]:
        """Make an empty bucket; give the whole environment that a service needs to use it."""
        self._made += 1
        name = f"rature-{self._made}"
        # moto asks for no signature here, and boto3 is slow to import for one request.
        httpx.put(f"{self.endpoint}/{name}", content=LOCATION).raise_for_status()
        return {
            "RATURE_BLOBS_URL": f"s3://{name}/blobs",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ALLOW_HTTP": "true",  # the object store refuses plain http otherwise
        }
