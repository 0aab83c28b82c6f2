"""Each record of a bundle is time-stamped when it was made, whenever the bundle is."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

from rfc3161_client import decode_timestamp_response

from archiver.config import Settings
from archiver.domain.instant import parse, to_utc
from archiver.domain.observation import Reason
from archiver.evidence.verification import verify_bundle
from archiver.wiring import build_house, utc_now
from tests.integration.captures.sample import Sample, send
from tests.integration.client import client_for, token_headers
from tests.integration.export.looks import failed, looked, sighting
from tests.integration.export.packets import download

MONTH = timedelta(days=30)


class MovedClock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


def test_a_sighting_of_last_month_is_stamped_last_month(tmp_path: Path) -> None:
    clock = MovedClock()
    settings = Settings(data=tmp_path / "data", embedded_worker=False)
    with (
        build_house(settings, clock=clock) as house,
        client_for(house, headers=token_headers(house)) as client,
    ):
        capture = send(client, Sample())
        looked(house, capture["watch_id"], sighting(clock()))
        assert house.keeping.settle()
        clock.ahead = MONTH
        looked(house, capture["watch_id"], failed(clock(), Reason.CHALLENGE))
        bundle = io.BytesIO(download(client, f"/api/v1/watches/{capture['watch_id']}/bundle"))
    assert verify_bundle(bundle).valid
    lags = {}
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.endswith("-observation/record.json"):
                record = json.loads(archive.read(name))
                token = archive.read(name.replace("record.json", "STATEMENT.checkpoint.tsa1.tsr"))
                stamped = to_utc(decode_timestamp_response(token).tst_info.gen_time)
                lags[record["sighting"]] = stamped - parse(record["at"])
    assert set(lags) == {"present", None}
    assert all(abs(lag) < timedelta(minutes=1) for lag in lags.values()), lags
