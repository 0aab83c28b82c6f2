"""`python -m tests.unit.evidence.make_fixtures FOLDER`: the tamper table as files.

`sound/` has the good bundles, `altered/` what must be refused, `altered-with-keys/` what must be
refused by who brings `roots.pem`, `log.vkey` (also `log.pem`) and `witnesses.vkey`. `names.txt`
says what each file is. The bundles are made anew each time: their salts and keys differ.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.unit.evidence.house import LOG_KEY
from tests.unit.evidence.stories import WITNESS
from tests.unit.evidence.tamper_proofs import TRUE, pem
from tests.unit.evidence.tamper_table import payloads, sound_bundles, tamper_table


def make(folder: Path) -> int:
    """Writes everything; how many bundles were altered."""
    made = payloads()
    folder.mkdir(parents=True, exist_ok=True)
    lines = write(folder / "sound", sound_bundles(made))
    altered = write(folder / "altered", tamper_table(made))
    altered += write(folder / "altered-with-keys", tamper_table(made, with_keys=True))
    (folder / "names.txt").write_text("".join([*lines, *altered]))
    (folder / "roots.pem").write_bytes(pem(TRUE))
    (folder / "log.pem").write_bytes(LOG_KEY.public.pem)
    (folder / "log.vkey").write_text(f"{LOG_KEY.public.vkey}\n")
    (folder / "witnesses.vkey").write_text(f"{WITNESS.public.vkey}\n")
    return len(altered)


def write(folder: Path, bundles: Iterable[tuple[str, bytes]]) -> list[str]:
    """One file for each bundle, named after what it is; a line of `names.txt` each."""
    folder.mkdir(exist_ok=True)
    lines = []
    for number, (name, data) in enumerate(bundles, start=1):
        short = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80]
        path = folder / f"{number:03d}-{short}.zip"
        path.write_bytes(data)
        lines.append(f"{folder.name}/{path.name}\t{name}\n")
    return lines


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.unit.evidence.make_fixtures FOLDER")
    sys.stdout.write(f"{make(Path(sys.argv[1]))} altered bundles\n")
