"""What a stranger does with a receipt and a bundle, with tools of this project and of others."""

import base64
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from cryptography import x509

from archiver.domain.instant import parse as moment
from archiver.evidence import tlog_proof
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.merkle import leaf_hash
from archiver.evidence.timestamp import verify_response
from tests.servers.service import RatureService


def prove_receipt(receipt: dict[str, Any]) -> None:
    """The receipt alone proves that the capture is in the log and was stamped."""
    statement = base64.b64decode(receipt["statement"])
    key = VerifierKey.from_vkey(receipt["log_public_key"])
    proven = tlog_proof.verify(tlog_proof.parse(receipt["tlog_proof"]), leaf_hash(statement), [key])
    assert proven.index == receipt["leaf_index"] < proven.checkpoint.size
    roots = x509.load_pem_x509_certificates(receipt["authority_certificates"].encode())
    assert receipt["tokens"]
    for token in receipt["tokens"]:
        stamp = verify_response(base64.b64decode(token["response"]), statement, roots)
        assert stamp.gen_time == moment(token["gen_time"])


def unpack(bundle: Path, folder: Path) -> Path:
    """Unzip a bundle; gives the folder with its contents."""
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)  # our own bundle, in a folder of the test
    return folder / "data"


def verify_with_rature(service: RatureService, bundle: Path) -> dict[str, Any]:
    """`rature verify` says valid (`command` fails otherwise); gives its report."""
    said = service.command("verify", str(bundle), "--json")
    report: dict[str, Any] = json.loads(said.stdout)
    assert report["valid"] is True
    return report


def verify_with_stock_tools(bundle: Path, data: Path) -> None:
    """The bundle's own script, and `openssl ts` by hand, accept it."""
    said = _run("bash", data / "verify.sh", bundle)
    assert said.stdout.splitlines()[-1] == "OK", said.stdout
    token, statement = data / "STATEMENT.tsa1.tsr", data / "STATEMENT.sha256"
    roots = data / "keys" / "roots.pem"
    said = _run("openssl", "ts", "-verify", "-in", token, "-data", statement, "-CAfile", roots)
    assert "Verification: OK" in said.stdout + said.stderr


def verdict_id(data: Path) -> str:
    """Give the id of the verdict that the bundle carries."""
    return str(json.loads((data / "verdict.json").read_bytes())["id"])


def judge(service: RatureService, data: Path) -> dict[str, Any]:
    """Give the verdict that anybody concludes from the looks in the bundle."""
    said = service.command("judge", str(data / "observations.jsonl"), "--json")
    return dict(json.loads(said.stdout))


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
