"""The service as a process: ready when it says so, and its data outlives its death."""

from collections.abc import Callable

import httpx
import pytest

from tests.servers.service import RatureService

Start = Callable[..., RatureService]


@pytest.mark.matrix
def test_service_is_ready_and_knows_its_tokens(start_service: Start) -> None:
    service = start_service()

    assert service.ready()
    assert service.client.get("/api/v1/watches").status_code == 200
    assert service.client_for().get("/api/v1/watches").status_code == 401
    assert service.client_for().get("/api/v1/about").json()["product"] == "rature"


@pytest.mark.matrix
def test_killed_service_comes_back_on_the_same_data(start_service: Start) -> None:
    service = start_service()
    token = service.token("read")

    service.kill9()
    assert not service.running
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{service.url}/readyz")
    service.restart()

    again = httpx.get(f"{service.url}/api/v1/watches", headers={"Authorization": f"Bearer {token}"})
    assert again.status_code == 200


def test_refused_setting_is_told_with_the_services_own_words(start_service: Start) -> None:
    with pytest.raises(RuntimeError, match=r"before the service is ready:[\s\S]*RATURE_TSA_URLS"):
        start_service({"RATURE_TSA_URLS": "not-an-address"})


def test_service_and_two_workers_share_database_and_bucket(
    start_service: Start, database_url: str, bucket_env: dict[str, str]
) -> None:
    service = start_service(
        {**bucket_env, "RATURE_DATABASE_URL": database_url, "RATURE_EMBEDDED_WORKER": "false"}
    )
    first, second = service.worker(2)
    first.kill9()

    assert service.client.get("/api/v1/watches").json() is not None
    assert second.running
    assert not first.running
    assert not (service.data / "rature.db").exists()
