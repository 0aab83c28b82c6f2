"""The same promises on an object store."""

import boto3
import pytest

from archiver.domain.digest import sha256_hex
from archiver.domain.errors import EvidenceError, NotFound, Unavailable
from archiver.store.blobs import Blobs, key_of, open_blobs

DATA = b"a sole with a hole"
DIGEST = sha256_hex(DATA)


@pytest.fixture
def blobs(bucket_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Blobs:
    for name, value in bucket_env.items():
        monkeypatch.setenv(name, value)
    return open_blobs(bucket_env["RATURE_BLOBS_URL"])


def overwrite(env: dict[str, str], data: bytes) -> None:
    client = boto3.client("s3", endpoint_url=env.get("AWS_ENDPOINT_URL", env.get("AWS_ENDPOINT")))
    bucket, _, prefix = env["RATURE_BLOBS_URL"].removeprefix("s3://").partition("/")
    key = "/".join(part for part in (prefix.strip("/"), key_of(DIGEST)) if part)
    client.put_object(Bucket=bucket, Key=key, Body=data)


def test_bytes_come_back_and_can_be_put_again_and_deleted(blobs: Blobs) -> None:
    blobs.check()
    assert blobs.put(DATA) == DIGEST
    assert blobs.put(DATA) == DIGEST
    assert blobs.get(DIGEST) == DATA
    assert blobs.exists(DIGEST)
    blobs.delete(DIGEST)
    blobs.delete(DIGEST)
    assert not blobs.exists(DIGEST)
    with pytest.raises(NotFound):
        blobs.get(DIGEST)


def test_changed_bytes_are_noticed_and_never_overwritten(
    blobs: Blobs, bucket_env: dict[str, str]
) -> None:
    overwrite(bucket_env, b"something else")
    with pytest.raises(EvidenceError):
        blobs.get(DIGEST)
    with pytest.raises(EvidenceError):
        blobs.put(DATA)


def test_a_bucket_that_is_not_there_is_unavailable(
    blobs: Blobs, bucket_env: dict[str, str]
) -> None:
    elsewhere = open_blobs("s3://no-such-bucket-anywhere")
    with pytest.raises(Unavailable, match="does not answer"):
        elsewhere.put(DATA)


def test_everything_is_listed_by_key_and_from_any_key_on(blobs: Blobs) -> None:
    blobs.check()
    kept = sorted(blobs.put(str(number).encode()) for number in range(20))
    listed = [item.sha256 for item in blobs.listing()]
    assert listed == kept, "and the empty object of `check` is not among them"
    assert [item.sha256 for item in blobs.listing(key_of(kept[7]))] == kept[8:]
    assert all(item.modified_at.tzinfo is not None for item in blobs.listing())
