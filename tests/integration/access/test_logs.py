import io
import json
from collections.abc import Iterator

import pytest
import structlog

from archiver.logs import configure_logs


@pytest.fixture(autouse=True)
def defaults() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_line_is_json_on_standard_error_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs()
    structlog.get_logger("test").info("made", token="rat_x", code="abc", id="tok_1")
    said = capsys.readouterr()
    assert said.out == ""
    line = json.loads(said.err)
    assert (line["event"], line["id"]) == ("made", "tok_1")
    assert (line["token"], line["code"]) == ("***", "***")


def test_standard_error_may_be_redirected_after_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", first)
        configure_logs()
    first.close()
    structlog.get_logger("test").info("later")
    assert json.loads(capsys.readouterr().err)["event"] == "later"
