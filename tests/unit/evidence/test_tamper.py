"""The tamper table: one alteration each, by a forger who makes the bag's manifests fit. `rature
verify` and `verify.sh` refuse every one and accept the bundles as they were.
"""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.domain.errors import EvidenceError
from archiver.evidence.authority import LocalAuthority
from archiver.evidence.verification import verify_bundle
from tests.unit.evidence.alterations import Files
from tests.unit.evidence.house import LOG_KEY, NOON, full_story, open_house, payload_of
from tests.unit.evidence.stories import WITNESS
from tests.unit.evidence.tamper_older import FORGER
from tests.unit.evidence.tamper_proofs import TRUE, pem
from tests.unit.evidence.tamper_table import (
    CASES,
    FORMS,
    UNPROVEN,
    Case,
    altered,
    each_file,
    payloads,
)
from tests.unit.evidence.verifiers import ours, pack, pack_stream, stock

FOR_THE_SCRIPT = 5
"""One case of so many is also given to the script; all are with `--matrix`."""


@pytest.fixture(scope="module")
def sound() -> dict[str, Files]:
    return payloads()


def bring(folder: Path) -> list[Path]:
    """The true roots, log key and witness key, as `verify.sh` takes them."""
    roots, key, witnesses = folder / "roots.pem", folder / "key.pem", folder / "witnesses.vkey"
    roots.write_bytes(pem(TRUE))
    key.write_bytes(LOG_KEY.public.pem)
    witnesses.write_text(f"{WITNESS.public.vkey}\n")
    return [roots, key, witnesses]


def ours_with_keys(bundle: Path) -> str | None:
    try:
        verify_bundle(bundle, [pem(TRUE)], [LOG_KEY.public], [WITNESS.public])
    except EvidenceError as error:
        return str(error)
    return None


@pytest.mark.parametrize("form", FORMS)
def test_the_sound_bundle_is_accepted(sound: dict[str, Files], tmp_path: Path, form: str) -> None:
    bundle = pack(tmp_path / "b.zip", sound[form])
    assert (ours(bundle), stock(bundle)) == (None, None)
    if not form.startswith("older"):
        assert (ours_with_keys(bundle), stock(bundle, bring(tmp_path))) == (None, None)


def test_the_table_is_as_large_as_it_should_be() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
    assert sum(not case.form.startswith("older") for case in CASES) >= 60


def refused_by_ours(case: Case, sound: dict[str, Files], folder: Path) -> Path:
    bundle = folder / "b.zip"
    bundle.write_bytes(altered(case, sound))
    told = ours_with_keys(bundle) if case.needs_keys else ours(bundle)
    assert told is not None
    return bundle


def refused_by_the_script(case: Case, bundle: Path) -> None:
    brought = bring(bundle.parent) if case.needs_keys else []
    assert stock(bundle, brought) is not None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_alteration_is_refused(sound: dict[str, Files], tmp_path: Path, case: Case) -> None:
    refused_by_ours(case, sound, tmp_path)


@pytest.mark.parametrize("case", CASES[::FOR_THE_SCRIPT], ids=str)
def test_the_script_refuses_it_too(sound: dict[str, Files], tmp_path: Path, case: Case) -> None:
    refused_by_the_script(case, refused_by_ours(case, sound, tmp_path))


@pytest.mark.matrix
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_script_refuses_all(sound: dict[str, Files], tmp_path: Path, case: Case) -> None:
    refused_by_the_script(case, refused_by_ours(case, sound, tmp_path))


def test_a_bit_of_any_file_is_found(sound: dict[str, Files], tmp_path: Path) -> None:
    cases = list(each_file(sound))
    assert len(cases) > 200
    accepted = [str(case) for case in cases if ours(io.BytesIO(altered(case, sound))) is None]
    assert accepted == []


@pytest.mark.matrix
@pytest.mark.parametrize("form", FORMS)
def test_the_script_finds_a_bit_of_any_file(
    sound: dict[str, Files], tmp_path: Path, form: str
) -> None:
    for case in each_file({form: sound[form]}):
        bundle = tmp_path / "b.zip"
        bundle.write_bytes(altered(case, sound))
        assert stock(bundle) is not None, str(case)


@pytest.mark.parametrize(
    ("form", "name", "told"),
    [
        (
            "older, around a capture", "a word of the post",
            "fields/text.json: its hash is not the one in the statement",
        ),
        (
            "watch", "the record of custody is dropped",
            "records/22-export/record.json: record 10 was in the bundle and is not here",
        ),
        (
            "masked", "a visible tile is left out",
            "screenshot/TILES.sha256: other tiles are there than the export shows",
        ),
        ("watch", "the exhibit", "report.pdf: its hash is not the one in the export's statement"),
        (
            "watch", "the export is dropped, the earlier one has the exhibit",
            "records/15-visit/record.json: record 15 was not in the bundle",
        ),
    ],
)  # fmt: skip
def test_the_first_failure_is_named(
    sound: dict[str, Files], tmp_path: Path, form: str, name: str, told: str
) -> None:
    [case] = [case for case in CASES if (case.form, case.name) == (form, name)]
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(altered(case, sound))
    assert (ours(bundle) or "").startswith(told)


@settings(max_examples=80)
@given(data=st.data())
def test_any_flipped_bit_is_refused(sound: dict[str, Files], data: st.DataObject) -> None:
    payload = sound[data.draw(st.sampled_from(sorted(FORMS)))]
    proven = sorted(name for name in payload if payload[name] and not name.endswith(UNPROVEN))
    name = data.draw(st.sampled_from(proven))
    bit = data.draw(st.integers(0, len(payload[name]) * 8 - 1))
    flipped = bytearray(payload[name])
    flipped[bit // 8] ^= 1 << bit % 8
    changed = payload | {name: bytes(flipped)}
    if name.endswith("tlog-proof") and same_known_lines(payload[name], changed[name]):
        return
    with pytest.raises(EvidenceError):
        verify_bundle(pack_stream(io.BytesIO(), changed))


def same_known_lines(old: bytes, new: bytes) -> bool:
    """Whether only the witness's name or key number changed: then it is an unknown witness's line,
    which is passed over."""
    before, after = old.splitlines(), new.splitlines()
    return (
        before[-1].startswith(f"— {WITNESS.name} ".encode())
        and before[:-1] == after[:-1]
        and len(before) == len(after)
        and before[-1][-90:] == after[-1][-90:]
    )


@pytest.fixture(scope="module")
def forgery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that is sound in itself, by a forger with an authority and a log of his own."""
    directory = tmp_path_factory.mktemp("forger")
    story = full_story(open_house(directory / "authority", others=6))
    return pack(directory / "b.zip", payload_of(story))


def test_a_forgery_falls_to_keys_obtained_elsewhere(forgery: Path, tmp_path: Path) -> None:
    """The log has the forger's root; the verifier brings the true authority's and log's keys."""
    assert (ours(forgery), stock(forgery)) == (None, None)
    true = LocalAuthority.open(tmp_path / "true", lambda: NOON, lambda size: b"\x01" * size)
    roots, key = tmp_path / "roots.pem", tmp_path / "key.pem"
    roots.write_bytes(true.root_pem)
    key.write_bytes(FORGER.public.pem)
    assert "trusted roots" in (ours(forgery, roots=true.root_pem) or "")
    assert "roots that you trust" in (stock(forgery, [roots]) or "")
    assert "none of the known log keys" in (ours(forgery, key=FORGER.public) or "")
    assert "did not sign" in (stock(forgery, ["", key]) or "")
