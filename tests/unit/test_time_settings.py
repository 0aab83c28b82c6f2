"""Settings of the authorities: what cannot work is told by the setting's name."""

import pytest

from archiver.config import load_settings
from archiver.domain.errors import SettingsError

URLS = "http://one.example/tsa, https://two.example/tsa"


def test_lists_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATURE_TSA_URLS", URLS)
    monkeypatch.setenv("RATURE_TSA_QUALIFIED", "https://two.example/tsa")
    monkeypatch.setenv("RATURE_TSA_POLICIES", "0.4.0.2023.1.1,1.2.3")
    monkeypatch.setenv("RATURE_TSA_MAX_ACCURACY", "0.5")
    monkeypatch.setenv("RATURE_OTS_CALENDARS", "https://calendar.example")
    settings = load_settings()
    assert settings.tsa_qualified == ["https://two.example/tsa"]
    assert settings.tsa_policies == ["0.4.0.2023.1.1", "1.2.3"]
    assert settings.tsa_max_accuracy == 0.5
    assert settings.ots_calendars == ["https://calendar.example"]


def test_without_them_nothing_is_qualified_and_no_calendar_is_asked() -> None:
    settings = load_settings()
    assert (settings.tsa_qualified, settings.tsa_policies, settings.ots_calendars) == ([], [], [])
    assert settings.tsa_max_accuracy == 1.0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("RATURE_TSA_QUALIFIED", "https://three.example/tsa", "not among RATURE_TSA_URLS"),
        ("RATURE_TSA_QUALIFIED", "two.example", "not among RATURE_TSA_URLS"),
        ("RATURE_TSA_POLICIES", "qualified", "not an identifier"),
        ("RATURE_TSA_POLICIES", "1.2.03", "not an identifier"),
        ("RATURE_TSA_MAX_ACCURACY", "0", "greater than 0"),
        ("RATURE_TSA_MAX_ACCURACY", "soon", "number"),
        ("RATURE_OTS_CALENDARS", "calendar.example", "not an http"),
    ],
)
def test_what_cannot_work_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv("RATURE_TSA_URLS", URLS)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}: .*{told}"):
        load_settings()
