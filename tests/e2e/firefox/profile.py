"""What the tests set in a Firefox profile, each with its reason."""

import json
from pathlib import Path
from typing import Any

EXTENSION_ID = "rature@rature.example"
# Firefox makes up the extension's address; a test that is to know it gives it.
ADDRESS = "8d5a1a0c-54f5-4a0f-9d7e-0f5f3f4a1b22"

PREFERENCES: dict[str, Any] = {
    "extensions.webextensions.uuids": json.dumps({EXTENSION_ID: ADDRESS}),
    # A Firefox that forgets the unsigned package when it ends keeps what was stored.
    "extensions.webextensions.keepStorageOnUninstall": True,
    "extensions.webextensions.keepUuidOnUninstall": True,
    "xpinstall.signatures.required": False,  # the package is not signed by anybody yet
    "app.update.auto": False,
    "browser.startup.page": 0,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    # Nothing of the browser's own leaves this machine, and nothing waits for an answer from there.
    "services.settings.server": "data:,",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "security.remote_settings.intermediates.enabled": False,
    "ui.systemUsesDarkTheme": 0,
    # A prompt takes no click in the first half second, so that nobody is tricked into one.
    "security.notification_enable_delay": 0,
    "security.dialog_enable_delay": 0,
    "ui.prefersReducedMotion": 1,
}


def write_profile(folder: Path, language: str, scale: float, extra: dict[str, Any]) -> None:
    """Writes `user.js`: read at every start."""
    folder.mkdir(parents=True, exist_ok=True)
    values = PREFERENCES | {
        "intl.accept_languages": f"{language}, en",
        "intl.locale.requested": language,
        "layout.css.devPixelsPerPx": str(scale),
        **extra,
    }
    set_to = [f"{json.dumps(name)}, {json.dumps(value)}" for name, value in values.items()]
    lines = [f"user_pref({each});\n" for each in set_to]
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
