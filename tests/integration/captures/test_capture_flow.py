import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archiver.domain.digest import sha256_hex
from archiver.evidence import tlog_proof
from archiver.evidence.checkpoint import VerifierKey
from archiver.evidence.merkle import leaf_hash
from archiver.evidence.timestamp import verify_response
from archiver.services.access import OWNER, Scope
from archiver.store.repository import watches
from archiver.store.tables import Workspace
from archiver.wiring import House
from tests.integration.captures.sample import (
    CAPTURES,
    TEXT,
    WALL,
    Part,
    Sample,
    picture,
    receipt_of,
    send,
)
from tests.integration.client import TestClient


def test_capture_is_acknowledged_with_what_the_contributor_needs(
    client: TestClient, house: House
) -> None:
    sample = Sample()
    answer = client.post(CAPTURES, **sample.request())
    body = answer.json()
    assert answer.status_code == 201
    assert body["manifest_sha256"] == sha256_hex(sample.manifest_text())
    assert body["leaf_index"] == 0
    assert body["grade"] == "user-only"
    assert body["id"].startswith("cap_")
    assert body["receipt"] == f"{CAPTURES}/{body['id']}/receipt"
    assert answer.headers["Location"] == f"{CAPTURES}/{body['id']}"
    # every file is kept under its hash before the answer
    assert all(house.blobs.get(sha256_hex(part.data)) == part.data for part in sample.files)


def test_receipt_proves_the_statement_with_nothing_but_what_it_holds(client: TestClient) -> None:
    receipt = receipt_of(client, send(client, Sample()))
    statement = base64.b64decode(receipt["statement"])
    assert b"  screenshot/TILES.sha256\n" in statement
    assert b"  snapshot.html\n" in statement
    key = VerifierKey.from_vkey(receipt["log_public_key"])
    proof = tlog_proof.verify(tlog_proof.parse(receipt["tlog_proof"]), leaf_hash(statement), [key])
    assert proof.index == receipt["leaf_index"]
    assert proof.checkpoint.note == receipt["checkpoint"]
    roots = x509.load_pem_x509_certificates(receipt["authority_certificates"].encode())
    [token] = receipt["tokens"]
    verify_response(base64.b64decode(token["response"]), statement, roots)
    # the embedded authority proves order, and the receipt says so
    assert (token["authority"], receipt["time"]) == ("local", "stamped")
    assert receipt["independent_time"] is False


def test_capture_is_sealed_within_a_second_of_its_answer(client: TestClient) -> None:
    capture = send(client, Sample())
    receipt_of(client, capture, seconds=1)


def test_capture_tells_all_its_facts(client: TestClient) -> None:
    sample = Sample()
    sample.sign(Ed25519PrivateKey.generate())
    capture = send(client, sample)
    receipt_of(client, capture)
    facts = client.get(f"{CAPTURES}/{capture['id']}").json()
    assert facts["manifest"]["post"]["text"] == TEXT
    assert facts["signature"]["algorithm"] == "Ed25519"
    assert [item["name"] for item in facts["files"]] == ["post.png", "page.html"]
    assert facts["files"][0]["sha256"] == sha256_hex(sample.files[0].data)
    assert (facts["time"], facts["grade"], facts["completeness"]) == (
        "stamped",
        "user-only",
        "COMPLETE",
    )
    assert [event["event"] for event in facts["custody"]] == ["received"]
    assert facts["custody"][0]["leaf_index"] == 1
    listed = client.get(CAPTURES).json()["captures"]
    assert [item["id"] for item in listed] == [capture["id"]]


def test_files_come_back_as_sent_and_cannot_act(client: TestClient) -> None:
    sample = Sample()
    capture = send(client, sample)
    shot = client.get(f"{CAPTURES}/{capture['id']}/files/post.png")
    page = client.get(f"{CAPTURES}/{capture['id']}/files/page.html")
    assert shot.content == sample.files[0].data
    assert page.content == sample.files[1].data
    assert page.headers["content-type"].startswith("text/plain")
    for answer in (shot, page):
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"{CAPTURES}/{capture['id']}/files/other.png").status_code == 404


def test_the_post_is_watched_at_once_for_the_second_witness(
    client: TestClient, house: House
) -> None:
    capture = send(client, Sample())
    with house.database.reading() as session:
        watch = watches.watch(session, OWNER, capture["watch_id"])
    assert watch is not None
    assert (watch.url, watch.text, watch.next_check_reason) == (WALL, TEXT, "second witness")
    assert watch.next_check_at is not None


def test_a_second_capture_of_the_same_post_shares_its_watch(client: TestClient) -> None:
    first = send(client, Sample())
    again = send(client, Sample(key="another-key"))
    assert again["id"] != first["id"]
    assert again["watch_id"] == first["watch_id"]


def test_same_key_and_content_give_the_same_capture(client: TestClient) -> None:
    first = send(client, Sample())
    again = send(client, Sample(), status=200)
    assert again == first
    assert len(client.get(CAPTURES).json()["captures"]) == 1


@pytest.mark.parametrize(
    ("changed"),
    [
        Sample(changes={"notes": "another manifest"}),
        Sample(files=[Part("screenshot", "post.png", "image/png", picture(shade=9))]),
    ],
    ids=["manifest", "file"],
)
def test_same_key_with_other_content_is_a_conflict(client: TestClient, changed: Sample) -> None:
    first = send(client, Sample())
    problem = send(client, changed, status=409)
    assert problem["type"] == "urn:rature:problem:idempotency-conflict"
    assert first["id"] in problem["detail"]
    assert len(client.get(CAPTURES).json()["captures"]) == 1


def test_all_kinds_of_files_are_kept(client: TestClient) -> None:
    files = [
        Part("screenshot", "post.png", "image/png", picture()),
        Part("context_screenshot", "context.png", "image/png", picture(300, 200)),
        Part("snapshot", "page.html", "text/html", b"<p>x</p>"),
        Part("attachment", "letter-of-mr-dupont.pdf", "application/pdf", b"%PDF-1.7 ..."),
        Part("attachment", "sole.png", "image/png", picture(64, 64)),
    ]
    receipt = receipt_of(client, send(client, Sample(files=files)))
    statement = base64.b64decode(receipt["statement"]).decode()
    for path in (
        "context_screenshot/TILES.sha256",
        "attachments/01.pdf.zip",
        "attachments/02.png/TILES.sha256",
    ):
        assert f"  {path}\n" in statement
    # the log is public, and the name of a file can tell whose it is
    assert "dupont" not in statement


def test_a_paired_browser_must_sign_with_its_own_key(client: TestClient, house: House) -> None:

    own, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    bound = base64.b64encode(own.public_key().public_bytes_raw()).decode()
    issued = house.access.issue(OWNER, name="browser", scopes=(Scope.CAPTURE,), public_key=bound)
    headers = {"Authorization": f"Bearer {issued.secret}"}

    def post(sample: Sample) -> int:
        request = sample.request()
        request["headers"] |= headers
        return client.post(CAPTURES, **request).status_code

    unsigned, foreign, forged, good = Sample(), Sample(), Sample(), Sample()
    foreign.sign(other)
    forged.sign(own, over=b"something else")
    good.sign(own)
    assert [post(unsigned), post(foreign), post(forged), post(good)] == [422, 422, 422, 201]


def test_another_workspace_sees_nothing(client: TestClient, house: House) -> None:

    capture = send(client, Sample())
    with house.database.transaction() as session:
        session.add(Workspace(id="ws_other", name="other", created_at=house.clock()))
    secret = house.access.issue("ws_other", name="other", scopes=tuple(Scope)).secret
    headers = {"Authorization": f"Bearer {secret}"}
    for path in ("", "/receipt", "/files/post.png", "/bundle"):
        answer = client.get(f"{CAPTURES}/{capture['id']}{path}", headers=headers)
        assert answer.status_code == 404, path
    assert client.get(CAPTURES, headers=headers).json() == {"captures": []}
