"""What a forger may do to the proofs of a record: receipt, checkpoint, cosignature, time stamps,
calendar proof. Each field of each. The record is the main one of `watch_story`, leaf 6.
"""

import base64
from collections.abc import Callable

from cryptography.hazmat.primitives.serialization import Encoding

from archiver.evidence import checkpoint, signed_note
from archiver.evidence.authority_state import Identity
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.cosignature import CosigningKey
from tests.unit.evidence.alterations import (
    Alter,
    Files,
    add,
    both,
    copy,
    cut,
    drop_line,
    flip,
    insert,
    put,
    remove,
    replace,
)
from tests.unit.evidence.authorities import DAY, NOW, SERVER, identity, new_key, stamp
from tests.unit.evidence.house import LOG_KEY
from tests.unit.evidence.stories import WITNESS

ROOT_KEY = new_key()
TRUE = identity(root_key=ROOT_KEY)
"""The authority of all good bundles in the table."""
FORGER = identity(root_name="forged root")
NAMESAKE = identity()
EXPIRED = identity(root_key=ROOT_KEY, valid_until=NOW - DAY / 2)
PURPOSELESS = identity(None, root_key=ROOT_KEY)
SERVER_ONLY = identity(SERVER, root_key=ROOT_KEY)

PROOF, STATEMENT = "STATEMENT.tlog-proof", "STATEMENT.sha256"
TOKEN, HEAD_TOKEN, CALENDAR = (
    "STATEMENT.tsa1.tsr", "STATEMENT.checkpoint.tsa1.tsr", "STATEMENT.ots"
)  # fmt: skip
ROOTS, MIDDLES, WITNESSES = "keys/roots.pem", "keys/intermediates.pem", "keys/witnesses.vkey"
LOOK = "records/8-observation/"
OTHER_LOG = LogKey(b"\x66" * 32, "log.example/other")
FORGED_LOG = LogKey(b"\x66" * 32, LOG_KEY.origin)
FORGED_WITNESS = CosigningKey(b"\x67" * 32, WITNESS.name)


def pem(made: Identity) -> bytes:
    return made.root.public_bytes(Encoding.PEM)


def stamped(made: Identity, name: str = TOKEN) -> Alter:
    """A new time stamp over the same data by that authority."""

    def alter(files: Files) -> None:
        data = files[STATEMENT] if name == TOKEN else head(files).text.encode()
        files[name] = stamp(made, data=data)

    return alter


def head(files: Files) -> checkpoint.ParsedCheckpoint:
    return checkpoint.parse(files[PROOF].decode().partition("\n\n")[2])


def with_note(make: Callable[[checkpoint.ParsedCheckpoint], str]) -> Alter:
    """Another checkpoint in the receipt; the path stays."""

    def alter(files: Files) -> None:
        start = files[PROOF].decode().partition("\n\n")[0]
        files[PROOF] = f"{start}\n\n{make(head(files))}".encode()

    return alter


def at_line(number: int) -> Alter:
    """One letter in the middle of a line of the receipt, to another one that may stand there."""

    def alter(files: Files) -> None:
        lines = files[PROOF].split(b"\n")
        line = bytearray(lines[number])
        line[len(line) // 2] = ord("B" if line[len(line) // 2] != ord("B") else "C")
        lines[number] = bytes(line)
        files[PROOF] = b"\n".join(lines)

    return alter


def cosigned(change: Callable[[bytes], bytes]) -> Alter:
    """Another value (key id, time, signature) in the witness's line, which is the last one."""

    def alter(files: Files) -> None:
        before, name, text = files[PROOF].decode().rstrip("\n").rpartition(f"{WITNESS.name} ")
        value = base64.b64encode(change(base64.b64decode(text))).decode()
        files[PROOF] = f"{before}{name}{value}\n".encode()

    return alter


def cosigned_by_forger(parsed: checkpoint.ParsedCheckpoint) -> str:
    """His signature under the witness's name and key id."""
    line = signed_note.parse_line("", FORGED_WITNESS.cosign(parsed.text, NOW).rstrip("\n"))
    forged = signed_note.render_line(WITNESS.name, WITNESS.public.key_id, line.value)
    return parsed.note[: parsed.note.index(f"— {WITNESS.name}")] + forged


def signed(key: LogKey, size: int | None = None, root: bytes | None = None) -> Alter:
    return with_note(
        lambda old: checkpoint.sign_checkpoint(
            key, old.size if size is None else size, old.root if root is None else root
        )
    )


RECEIPT: dict[str, Alter] = {
    # lines: 0 form, 1 index, 2 to 6 the path, 7 empty, 8 origin, 9 size, 10 root, 11 empty,
    # 12 the log's signature, 13 the witness's
    "the receipt's form": at_line(0),
    "the receipt's index": replace(PROOF, "index 6", "index 7"),
    "the receipt's index with a zero before it": replace(PROOF, "index 6", "index 06"),
    **{f"hash {number} of the path": at_line(number + 1) for number in range(1, 6)},
    "a hash of the path in another place": lambda files: files.update(
        {PROOF: swap_lines(files[PROOF], 2, 3)}
    ),
    "a hash less in the path": drop_line(PROOF, 6),
    "a hash more in the path": insert(PROOF, 2, base64.b64encode(b"\x01" * 32) + b"\n"),
    "a hash twice in the path": lambda files: insert(PROOF, 2, line_of(files, 2))(files),
    "a hash of 31 bytes in the path": insert(PROOF, 2, base64.b64encode(b"\x01" * 31) + b"\n"),
    "the checkpoint's origin": at_line(8),
    "the checkpoint's size": replace(PROOF, "\n23\n", "\n24\n"),
    "the checkpoint's root": at_line(10),
    "a line more in the checkpoint": insert(PROOF, 11, b"more\n"),
    "the log's signature": at_line(12),
    "no signature of the log": drop_line(PROOF, 12),
    "the log's name in its signature": replace(PROOF, "— log.example", "— log.exemple"),
    "nothing after the path": put(PROOF, lambda files: files[PROOF].partition(b"\n\n")[0]),
    "the receipt's last line is cut": cut(PROOF, -1),
    "the receipt of another record": copy(f"{LOOK}{PROOF}", PROOF),
    "no receipt": remove(PROOF),
    "a checkpoint of another log": signed(OTHER_LOG),
    "a checkpoint of another log, and its key": both(
        signed(OTHER_LOG),
        put("keys/log.vkey", f"{OTHER_LOG.public.vkey}\n".encode()),
        put("keys/log.pem", OTHER_LOG.public.pem),
    ),
    "a checkpoint by a forged key of the log's name": signed(FORGED_LOG),
    "an older checkpoint that the log signed": signed(LOG_KEY, size=10, root=b"\x10" * 32),
    "a checkpoint from before the record": signed(LOG_KEY, size=6),
    "another tree of the same size that the log signed": signed(LOG_KEY, root=b"\x10" * 32),
    "a larger tree that the log signed": signed(LOG_KEY, size=24),
    "another log key": both(
        put("keys/log.vkey", f"{FORGED_LOG.public.vkey}\n".encode()),
        put("keys/log.pem", FORGED_LOG.public.pem),
    ),
    "another log key in one of its forms": put(
        "keys/log.vkey", f"{FORGED_LOG.public.vkey}\n".encode()
    ),
    "the log key's number": flip("keys/log.vkey", 20),
    "no log key": remove("keys/log.vkey"),
}  # fmt: skip

COSIGNATURES: dict[str, Alter] = {
    "the cosignature": cosigned(lambda value: value[:-1] + bytes([value[-1] ^ 1])),
    "the time of the cosignature": cosigned(
        lambda value: value[:11] + bytes([value[11] ^ 1]) + value[12:]
    ),
    "a cosignature without a time": cosigned(lambda value: value[:4] + value[12:]),
    "a cosignature of another checkpoint": with_note(
        lambda old: (
            old.note.rpartition("— ")[0] + WITNESS.cosign(old.text.replace("\n23\n", "\n22\n"), NOW)
        )
    ),
    "a cosignature by a forger in the witness's name": with_note(cosigned_by_forger),
    "a cosignature that is no base64": replace(PROOF, f"{WITNESS.name} ", f"{WITNESS.name} ="),
    "a witness's key is malformed": cut(WITNESSES, -6),
    "a witness's key of another kind": put(WITNESSES, f"{LOG_KEY.public.vkey}\n".encode()),
    "a witness's key and its number do not fit": flip(WITNESSES, len(WITNESS.name) + 2),
    "a last line of the witnesses without its end": cut(WITNESSES, -1),
}

TIME: dict[str, Alter] = {
    "a time stamp is empty": put(TOKEN, b""),
    "text for a time stamp": put(TOKEN, b"stamped, believe me"),
    "a time stamp is cut short": cut(TOKEN, -10),
    "bytes after a time stamp": put(TOKEN, lambda files: files[TOKEN] + b"\0"),
    "the time in a time stamp": replace(TOKEN, "20260301", "20250301"),
    "the signature of a time stamp": flip(TOKEN, -3),
    "the imprint of a time stamp": lambda files: flip_after(
        files, TOKEN, bytes.fromhex("0420"), 5
    ),
    "the policy of a time stamp": lambda files: flip_after(files, TOKEN, b"\x02\x01\x01\x06", 9),
    "the signer named in a time stamp": replace(TOKEN, "stamper", "stomper"),
    "a refusal for a time stamp": put(TOKEN, bytes.fromhex("30053003020102")),
    "a time stamp over other data": put(TOKEN, stamp(TRUE, data=b"other")),
    "the checkpoint's time stamp for the statement's": copy(HEAD_TOKEN, TOKEN),
    "the statement's time stamp for the checkpoint's": copy(TOKEN, HEAD_TOKEN),
    "a time stamp of another record": copy(f"{LOOK}STATEMENT.checkpoint.tsa1.tsr", TOKEN),
    "another authority's time stamp": stamped(FORGER),
    "another authority's time stamp of the checkpoint": stamped(FORGER, HEAD_TOKEN),
    "a time stamp by an authority of the same name": stamped(NAMESAKE),
    "a time stamp by a certificate that had expired": stamped(EXPIRED),
    "a time stamp by a certificate for no purpose": stamped(PURPOSELESS),
    "a time stamp by a web server's certificate": stamped(SERVER_ONLY),
    "another authority's root among the intermediates": both(
        stamped(FORGER), add(MIDDLES, pem(FORGER))
    ),
    "another authority's certificates, all among the intermediates": both(
        stamped(FORGER),
        add(MIDDLES, pem(FORGER) + FORGER.certificate.public_bytes(Encoding.PEM)),
    ),
    "roots of another authority": put(ROOTS, pem(FORGER)),
    "roots of another authority of the same name": put(ROOTS, pem(NAMESAKE)),
    "roots that are none": put(ROOTS, b"none"),
    "no roots": remove(ROOTS),
    "no time stamp at all": remove(TOKEN, HEAD_TOKEN),
    "no time stamp of a look": remove(f"{LOOK}STATEMENT.checkpoint.tsa1.tsr"),
    "a time stamp with a number that none has": copy(TOKEN, "STATEMENT.tsa0.tsr"),
    "a time stamp with a number too large": copy(TOKEN, "STATEMENT.tsa100.tsr"),
    "intermediates that are none": both(stamped(FORGER), add(MIDDLES, b"none")),
}  # fmt: skip

CALENDARS: dict[str, Alter] = {
    "a calendar proof over another statement": flip(CALENDAR, 40),
    "a calendar proof without its head": flip(CALENDAR, 3),
    "a calendar proof of another version": flip(CALENDAR, 31),
    "a calendar proof that is cut short": cut(CALENDAR, -2),
    "a calendar proof with bytes behind it": put(CALENDAR, lambda files: files[CALENDAR] + b"\0"),
    "a calendar proof with an unknown step": lambda files: put(
        CALENDAR, files[CALENDAR][:65] + b"\x77" + files[CALENDAR][66:]
    )(files),
    "a calendar proof that leads nowhere": put(CALENDAR, lambda files: files[CALENDAR][:65]),
    "a calendar proof that nobody known attests": put(
        CALENDAR, lambda files: files[CALENDAR][:65] + b"\0" + b"\x01" * 8 + b"\0"
    ),
    "a calendar proof for a look, of the capture": copy(CALENDAR, f"{LOOK}STATEMENT.ots"),
    "a second calendar proof by another name": copy(CALENDAR, "STATEMENT.2.ots"),
}

PROOFS = RECEIPT | COSIGNATURES | TIME | CALENDARS

WITH_KEYS: dict[str, Alter] = {
    # sound in themselves: found by who brings the true roots, log key and witness key
    "another authority's time stamps, and its root": both(
        put(ROOTS, pem(TRUE) + pem(FORGER)), stamped(FORGER), stamped(FORGER, HEAD_TOKEN)
    ),
    "the cosignature is left out": drop_line(PROOF, 13),
    "the cosignature is left out, and the witness's key": both(
        drop_line(PROOF, 13), remove(WITNESSES)
    ),
    "a forger's witness for the true one": both(
        with_note(lambda old: old.note.rpartition("— ")[0] + FORGED_WITNESS.cosign(old.text, NOW)),
        put(WITNESSES, f"{FORGED_WITNESS.public.vkey}\n".encode()),
    ),
}


def line_of(files: Files, number: int) -> bytes:
    return files[PROOF].splitlines(keepends=True)[number]


def swap_lines(text: bytes, one: int, other: int) -> bytes:
    lines = text.splitlines(keepends=True)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def flip_after(files: Files, name: str, mark: bytes, offset: int) -> None:
    """Flips a bit that many bytes after the first place where the mark stands."""
    flip(name, files[name].index(mark) + offset)(files)
