"""What a forger may do to bundles of the older form, which no export closes: around a capture,
around a look, with two captures.
"""

import json
from collections.abc import Callable

from archiver.domain.digest import canonical_json
from archiver.evidence import checkpoint
from archiver.evidence.checkpoint import LogKey
from archiver.evidence.picture import open_picture
from archiver.evidence.picture_tiles import tile_list
from archiver.evidence.salted import salted_picture
from archiver.evidence.statement_text import parse_statement, render_statement
from tests.unit.evidence.alterations import (
    Alter,
    Files,
    add,
    both,
    copy,
    drop_line,
    flip,
    move,
    refit,
    remove,
    replace,
    reverse_lines,
)
from tests.unit.evidence.house import picture

LOOK, LATER, NOTICE, VERDICT = (
    "records/7-observation/", "records/8-observation/", "records/9-notice/",
    "records/10-verdict/",
)  # fmt: skip
ENVELOPE = ("README.txt", "verify.sh", "observations.jsonl", "verdict.json", "keys/", "records/")
FAILED, AGAIN, ABSENT, DRAWN = (
    "records/6-observation/", "records/8-observation/", "records/9-observation/",
    "records/10-verdict/",
)  # fmt: skip
SECOND = "records/8-capture/"


def another_picture(files: Files) -> None:
    """A picture with a list of tiles that fits it."""
    other, seed = picture(), b"\x05" * 32
    files["screenshot/original.png"] = salted_picture(other, seed)
    files["screenshot/TILES.sha256"] = tile_list(open_picture(other), seed)


def change_record(folder: str, old: str, new: str) -> Callable[[Files], None]:
    """Changes a record and its line at the top."""
    return both(
        replace(f"{folder}record.json", old, new),
        lambda files: files.update(
            {"observations.jsonl": files["observations.jsonl"].replace(old.encode(), new.encode())}
        ),
    )


def smaller_basis(files: Files) -> None:
    """The verdict no longer says that it was drawn from the dropped look."""
    for name in (f"{VERDICT}record.json", "verdict.json"):
        value = json.loads(files[name])
        value["basis"] = value["basis"][1:]
        files[name] = canonical_json(value)


FORGER = LogKey(b"\x66" * 32, "log.example/rature")


def other_log_key(files: Files) -> None:
    files["keys/log.vkey"] = f"{FORGER.public.vkey}\n".encode()
    files["keys/log.pem"] = FORGER.public.pem


def resign(files: Files) -> None:
    """Another root, signed by the forger's key under the log's name."""
    head, _, note = files["STATEMENT.tlog-proof"].decode().partition("\n\n")
    size = checkpoint.parse(note).size
    forged = checkpoint.sign_checkpoint(FORGER, size, b"\x01" * 32)
    files["STATEMENT.tlog-proof"] = f"{head}\n\n{forged}".encode()


AROUND_A_CAPTURE: dict[str, Alter] = {
    "a word of the post": replace("fields/text.json", "huit", "deux"),
    "a word of the post, and the statement": refit(
        "", "fields/text.json", b'{"name":"text","salt":"00","value":"other"}'
    ),
    "another field": replace("fields/url.json", "wall.example", "wall2.example"),
    "the moment of the capture": replace("meta.json", "12:00:00Z", "11:00:00Z"),
    "the page's source": replace("snapshot.html", "semelles", "lacets"),
    "a pixel": flip("screenshot/original.png", 120),
    "the picture's salt": replace("screenshot/original.png", "rature-salt", "rature-sold"),
    "another picture with its tiles": another_picture,
    "the list of tiles": flip("screenshot/TILES.sha256", 0),
    "the contributor's signature": replace("contributor/manifest.json", "null", '"x"'),
    "the statement's order": reverse_lines("STATEMENT.sha256"),
    "a line less in the statement": drop_line("STATEMENT.sha256", 2),
    "an empty statement": lambda files: files.update({"STATEMENT.sha256": b""}),
    "a file more in the statement": refit("", "fields/zz.json", b"{}"),
    "a file that no statement lists": add("report.txt"),
    "a hidden place for a file": add("keys/more.pem"),
    "a tile that no list names": add("screenshot/tiles/0009-0009.ppm"),
    "a record without anything": add("records/7-notice/record.json"),
    "a folder that is no record": add("records/readme/STATEMENT.sha256"),
    "meta.json is left out": remove("meta.json"),
    "a bit of the time stamp": flip("STATEMENT.tsa1.tsr"),
    "the time in the time stamp": replace("STATEMENT.tsa1.tsr", "20260301", "20250301"),
    "the time stamp of another statement": copy(
        f"{LOOK}STATEMENT.tsa1.tsr", "STATEMENT.tsa1.tsr"
    ),
    "the checkpoint's time stamp for the statement's": copy(
        "STATEMENT.checkpoint.tsa1.tsr", "STATEMENT.tsa1.tsr"
    ),
    "no time stamp": remove("STATEMENT.tsa1.tsr", "STATEMENT.checkpoint.tsa1.tsr"),
    "no time stamp of a look": remove(
        f"{LOOK}STATEMENT.tsa1.tsr", f"{LOOK}STATEMENT.checkpoint.tsa1.tsr"
    ),
    "text in place of a time stamp": lambda files: files.update({"STATEMENT.tsa1.tsr": b"ok"}),
    "a strange name for a time stamp": copy("STATEMENT.tsa1.tsr", "STATEMENT.tsa0.tsr"),
    "roots of somebody else": lambda files: files.update({"keys/roots.pem": b"none"}),
    "the place in the log": replace("STATEMENT.tlog-proof", "index 6", "index 5"),
    "the path in the log": drop_line("STATEMENT.tlog-proof", 3),
    "the size of the log": replace("STATEMENT.tlog-proof", "\n11\n", "\n12\n"),
    "the log's name": replace("STATEMENT.tlog-proof", "\nlog.example/", "\nlog2.example/"),
    "the log's signature": flip("STATEMENT.tlog-proof", -12),
    "the receipt of another record": copy(f"{LOOK}STATEMENT.tlog-proof", "STATEMENT.tlog-proof"),
    "no receipt": remove(f"{LATER}STATEMENT.tlog-proof"),
    "another log key": other_log_key,
    "the PEM of another log key": lambda files: files.update({"keys/log.pem": FORGER.public.pem}),
    "a checkpoint by a forger": resign,
    "a checkpoint by a forger and his key": both(resign, other_log_key),
    "what a look saw": change_record(LATER, '"absent"', '"present"'),
    "when a look was": change_record(LOOK, "12:01:00Z", "12:02:00Z"),
    "what a look saw, only at the top": replace("observations.jsonl", '"absent"', '"present"'),
    "a line less at the top": drop_line("observations.jsonl", 1),
    "no line at the top": lambda files: files.update({"observations.jsonl": b""}),
    "the order at the top": reverse_lines("observations.jsonl"),
    "a line more at the top": lambda files: files.update(
        {"observations.jsonl": files["observations.jsonl"] + b'{"kind":"notice"}\n'}
    ),
    "a look is dropped": both(remove(LATER), drop_line("observations.jsonl", 1)),
    "a look is dropped, and the verdict says so": both(
        remove(LOOK), drop_line("observations.jsonl", 0), smaller_basis
    ),
    "a notice is dropped": both(remove(NOTICE), drop_line("observations.jsonl", 2)),
    "the record itself is dropped": remove(f"{LOOK}record.json"),
    "the verdict at the top": replace("verdict.json", "removed", "visible"),
    "the verdict everywhere": both(
        replace("verdict.json", "removed", "visible"),
        replace(f"{VERDICT}record.json", "removed", "visible"),
    ),
    "a verdict that was never logged": remove(VERDICT),
    "no verdict at the top": remove("verdict.json"),
    "a look at another place": move(LATER, "records/5-observation/"),
    "a look becomes a notice": move(LATER, "records/8-notice/"),
    "a look twice": lambda files: files.update(
        {name.replace("8-", "08-"): data for name, data in files.items() if LATER in name}
    ),
    "a picture of a look": flip(f"{LOOK}page/original.png", 120),
    "a capture among the records": lambda files: files.update(
        {
            f"records/6-capture/{name}": files[name]
            for name in (*parse_statement(files["STATEMENT.sha256"]), "STATEMENT.sha256",
                         "STATEMENT.tlog-proof", "STATEMENT.tsa1.tsr")
        }
    ),
}  # fmt: skip


def to_records(folder: str) -> Alter:
    """The main record goes among the others."""

    def alter(files: Files) -> None:
        for name in [name for name in files if not name.startswith(ENVELOPE)]:
            files[folder + name] = files.pop(name)

    return alter


def in_its_place(folder: str, main: str) -> Alter:
    """Another record becomes the main one, and the main one (if it is to stay) one of the others;
    everything that is said at the top still fits."""
    return both(to_records(main), move(folder, ""))


def swapped_places(one: str, other: str) -> Alter:
    """Two records stand in each other's folder."""
    return both(move(one, "aside/"), move(other, one), move("aside/", other))


def renamed(files: Files) -> None:
    """The look's record is called meta.json, and the statement says so."""
    files["meta.json"] = files.pop("record.json")
    files["STATEMENT.sha256"] = render_statement(
        {
            line[66:].replace("record.json", "meta.json"): line[:64]
            for line in files["STATEMENT.sha256"].decode().splitlines()
        }
    )


WITHOUT_A_CAPTURE: dict[str, Alter] = {
    "what the main look saw": replace("record.json", '"present"', '"absent"'),
    "what the main look saw, and the line at the top": both(
        replace("record.json", '"similarity":0.93', '"similarity":1'),
        replace("observations.jsonl", '"similarity":0.93', '"similarity":1'),
    ),
    "when the main look was, and the statement": both(
        replace("record.json", "12:02:00Z", "11:02:00Z"),
        replace("observations.jsonl", "12:02:00Z", "11:02:00Z"),
        lambda files: refit("", "record.json", files["record.json"])(files),
    ),
    "a pixel of the main look": flip("page/original.png", 120),
    "the page of the main look": replace("page.html", "<html>", "<HTML>"),
    "what was read of the post": replace("fields/seen.json", "Deux semelles", "Trois"),
    "the main look is left out": remove("record.json"),
    "the main look is called a capture": renamed,
    "a meta.json beside it": add("meta.json", b'{"kind":"capture","salt":"00"}'),
    "a meta.json in the statement too": refit("", "meta.json", b'{"kind":"capture","salt":"00"}'),
    "a meta.json for the record.json": both(
        remove("record.json"), add("meta.json", b'{"kind":"capture","salt":"00"}')
    ),
    "no time stamp of the main look": remove("STATEMENT.checkpoint.tsa1.tsr"),
    "the checkpoint's time stamp for its own": copy(
        "STATEMENT.checkpoint.tsa1.tsr", "STATEMENT.tsa1.tsr"
    ),
    "no receipt of the main look": remove("STATEMENT.tlog-proof"),
    "the receipt of another look": copy(f"{AGAIN}STATEMENT.tlog-proof", "STATEMENT.tlog-proof"),
    "the main look's place in the log": replace("STATEMENT.tlog-proof", "index 7", "index 8"),
    "the main look is not among the lines": drop_line("observations.jsonl", 1),
    "the main look is dropped, another one takes its place": both(
        to_records("gone/"), remove("gone/"), move(AGAIN, ""), drop_line("observations.jsonl", 1)
    ),
    "a later look is dropped": both(remove(ABSENT), drop_line("observations.jsonl", 3)),
    "a failed look is dropped": both(remove(FAILED), drop_line("observations.jsonl", 0)),
    "a failed look in the main one's place": in_its_place(FAILED, "records/7-observation/"),
    "a later sighting in the main one's place": in_its_place(AGAIN, "records/7-observation/"),
    "an absence in the main one's place": in_its_place(ABSENT, "records/7-observation/"),
    "the verdict in the main look's place": in_its_place(DRAWN, "records/7-observation/"),
    "the main look twice": lambda files: files.update(
        {f"{LOOK}{name}": data for name, data in files.items() if not name.startswith(ENVELOPE)}
    ),
    "no main record": to_records(LOOK),
}

WITH_TWO_CAPTURES: dict[str, Alter] = {
    "a word of the second capture": replace(f"{SECOND}fields/text.json", "huit", "deux"),
    "a word of the second capture, and the statement": refit(
        SECOND, "fields/text.json", b'{"name":"text","salt":"00","value":"other"}'
    ),
    "when the second capture was received": replace(f"{SECOND}meta.json", "12:03:00Z", "12:00:00Z"),
    "a pixel of the second capture": flip(f"{SECOND}screenshot/original.png", 120),
    "the second capture has the first one's picture": both(
        copy("screenshot/original.png", f"{SECOND}screenshot/original.png"),
        copy("screenshot/TILES.sha256", f"{SECOND}screenshot/TILES.sha256"),
    ),
    "the second capture's signature": replace(f"{SECOND}contributor/manifest.json", "null", '"x"'),
    "the second capture has no meta.json": remove(f"{SECOND}meta.json"),
    "a record.json for its meta.json": move(f"{SECOND}meta.json", f"{SECOND}record.json"),
    "a record.json in its statement too": refit(
        SECOND, "record.json", b'{"kind":"capture","salt":"00"}'
    ),
    "no time stamp of the second capture": remove(
        f"{SECOND}STATEMENT.tsa1.tsr", f"{SECOND}STATEMENT.checkpoint.tsa1.tsr"
    ),
    "the first capture's time stamp for the second": copy(
        "STATEMENT.tsa1.tsr", f"{SECOND}STATEMENT.tsa1.tsr"
    ),
    "no receipt of the second capture": remove(f"{SECOND}STATEMENT.tlog-proof"),
    "the first capture's receipt for the second": copy(
        "STATEMENT.tlog-proof", f"{SECOND}STATEMENT.tlog-proof"
    ),
    "the second capture at another place": move(SECOND, "records/5-capture/"),
    "the second capture becomes a look": move(SECOND, "records/8-observation/"),
    "a look becomes a capture": move(LOOK, "records/7-capture/"),
    "the second capture is the first": lambda files: files.update(
        {f"{SECOND}{name}": files[name] for name in [*files] if not name.startswith(ENVELOPE)}
    ),
    "the captures in each other's place, their numbers kept": both(
        to_records("aside/"), move(SECOND, ""), move("aside/", SECOND)
    ),
    "a look in the main capture's place": in_its_place(LOOK, "records/6-capture/"),
    "a look for the main capture, which is dropped": both(
        to_records("gone/"), remove("gone/"), move(LOOK, "")
    ),
    "a look for both captures, in the wrong kind of file": both(
        remove(SECOND), to_records("gone/"), remove("gone/"), move(LOOK, ""),
        move("record.json", "meta.json"),
    ),
    "the second capture and the look swapped": swapped_places(LOOK, SECOND),
}  # fmt: skip
