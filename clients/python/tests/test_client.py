"""Tests of the client with a real server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import access_groups_mock as agm

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ROOT = Path(__file__).resolve().parents[3]


def create_group(mock: agm.Mock, name: str) -> tuple[int, Any]:
    body = {"name": name, "include": [{"everyone": {}}]}
    return send(mock, "POST", f"{mock.urls.cloudflare}/accounts/{ACCOUNT}/access/groups", body)


def list_groups(mock: agm.Mock) -> list[str]:
    status, body = send(mock, "GET", f"{mock.urls.cloudflare}/accounts/{ACCOUNT}/access/groups")
    assert status == 200
    return [group["name"] for group in body["result"]]


def send(mock: agm.Mock, method: str, url: str, body: Any = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_namespaces_are_isolated(access_groups_mock: agm.Server) -> None:
    with access_groups_mock.namespace("one") as one, access_groups_mock.namespace("two") as two:
        assert create_group(one, "mine")[0] == 201

        assert list_groups(one) == ["mine"]
        assert list_groups(two) == []
        assert two.admin.count({"method": "POST"}) == 0


def test_any_label_results_in_a_valid_namespace_name(access_groups_mock: agm.Server) -> None:
    namespace = access_groups_mock.namespace("tests/ä b.py::test[" + "x" * 200 + "]")

    assert namespace.name.startswith("tests-b.py::test-xxx")
    assert len(namespace.name) == 128
    assert list_groups(namespace) == []


def test_deleted_namespace_is_empty_and_unused_namespace_can_be_deleted(access_groups_mock: agm.Server) -> None:
    namespace = access_groups_mock.namespace()
    namespace.delete()
    create_group(namespace, "mine")

    namespace.delete()

    assert list_groups(namespace) == []


def test_state_snapshots_and_resets(access_groups_namespace: agm.Namespace) -> None:
    mock, admin = access_groups_namespace, access_groups_namespace.admin
    create_group(mock, "first")
    admin.snapshot("one")
    create_group(mock, "second")
    saved = admin.state()

    admin.restore("one")
    assert list_groups(mock) == ["first"]
    admin.reset("state")
    assert list_groups(mock) == []
    assert admin.count() == 4
    admin.seed(saved)
    assert sorted(list_groups(mock)) == ["first", "second"]
    admin.reset()
    assert admin.count() == 0


def test_seed_is_read_from_a_file_and_its_errors_have_a_path(access_groups_namespace: agm.Namespace) -> None:
    access_groups_namespace.admin.seed(ROOT / "seeds" / "demo.json")

    assert list_groups(access_groups_namespace) == ["Allow devs"]
    with pytest.raises(agm.AdminError, match="ibm.accounts") as rejected:
        access_groups_namespace.admin.seed({"version": 1, "ibm": {"accounts": 7}})
    assert rejected.value.status == 400


def test_fault_is_injected_the_scheduled_number_of_times(access_groups_namespace: agm.Namespace) -> None:
    mock, admin = access_groups_namespace, access_groups_namespace.admin
    effect = {"type": "status", "status": 503}
    match: agm.Pattern = {"operation": "cloudflare_create_access_group"}

    [fault] = admin.fault(effect, match=match, schedule={"times": 1}, id="once")

    assert fault["id"] == "once"
    assert [create_group(mock, "mine")[0] for _ in range(2)] == [503, 201]
    assert [(fault["matched"], fault["injected"]) for fault in admin.faults()] == [(2, 1)]
    admin.clear_faults()
    assert admin.faults() == []
    assert len(admin.fault(preset="outage")) == 1


def test_clock_is_set_and_advanced(access_groups_namespace: agm.Namespace) -> None:
    admin = access_groups_namespace.admin
    day = datetime(2030, 1, 1, tzinfo=timezone.utc)

    assert admin.set_clock(mode="frozen", now=day)["now"].startswith("2030-01-01T00:00:00")
    assert admin.advance(timedelta(hours=1, milliseconds=5))["now"].startswith("2030-01-01T01:00:00.005")
    assert admin.advance("1h")["now"].startswith("2030-01-01T02:00:00.005")
    assert admin.clock()["mode"] == "frozen"


def test_fidelity_is_set_until_the_next_reset(access_groups_namespace: agm.Namespace) -> None:
    admin = access_groups_namespace.admin

    admin.set_fidelity("live")
    assert admin.fidelity() == "live"
    admin.reset()
    assert admin.fidelity() == "documented"


def test_verification_counts_requests_and_lists_what_was_received(access_groups_namespace: agm.Namespace) -> None:
    mock, admin = access_groups_namespace, access_groups_namespace.admin
    create_group(mock, "mine")

    assert admin.verify({"method": "POST"}) == 1
    assert admin.verify({"method": "DELETE"}, count=0) == 0
    with pytest.raises(AssertionError, match="expected exactly 1 matching request") as failed:
        admin.verify({"method": "DELETE"}, count=1)
    assert f"POST /client/v4/accounts/{ACCOUNT}/access/groups -> 201" in str(failed.value)


def test_record_is_in_the_format_of_a_seed(access_groups_namespace: agm.Namespace) -> None:
    mock, admin = access_groups_namespace, access_groups_namespace.admin
    admin.seed({"authress": {"groups": [{"groupId": "grp_a", "name": "A", "users": [], "admins": []}]}})

    assert admin.record("authress", "group", "grp_a")["name"] == "A"
    with pytest.raises(agm.AdminError):
        admin.record("authress", "group", "grp_a", "other")
    assert mock.admin.requests() == []


def test_metrics_are_text(access_groups_namespace: agm.Namespace) -> None:
    assert create_group(access_groups_namespace, "counted")[0] == 201

    metrics = access_groups_namespace.admin.metrics()

    created = 'dialect="cloudflare",operation="cloudflare_create_access_group",status="2xx"'
    assert f"\naccess_groups_mock_requests_total{{{created}}} " in metrics


def test_error_response_is_explained(access_groups_namespace: agm.Namespace) -> None:
    mock, admin = access_groups_namespace, access_groups_namespace.admin
    send(mock, "POST", f"{mock.urls.cloudflare}/accounts/{ACCOUNT}/access/groups", {"name": 7})
    send(mock, "GET", f"{mock.url}/nothing")

    rejected, unmatched = admin.requests()

    explanation = admin.explain(rejected)
    rule = explanation["rule"]
    assert rule is not None and rule["id"] == rejected["rule"]
    assert rejected["reason"] is not None and rejected["reason"] in explanation["summary"]
    assert rule["description"] and explanation["remediation"] == rule["remediation"]
    assert [value["path"] for value in explanation["received"]] != []
    assert admin.explain(unmatched)["suggestions"] == admin.unmatched()[0]["suggestions"]
    assert [exchange["id"] for exchange in admin.unmatched()] == [unmatched["id"]]
    transcript = admin.transcript()
    assert f"POST /client/v4/accounts/{ACCOUNT}/access/groups -> 400" in transcript
    assert 'request  {"name": 7}' in transcript
    assert f"rule     {rejected['rule']}" in transcript
    assert "GET /nothing -> 404" in transcript


def test_connect_uses_a_running_server(access_groups_mock: agm.Server) -> None:
    mock = agm.connect(access_groups_mock.url + "/")

    assert mock.urls.ibm == access_groups_mock.url
    assert mock.admin.call("GET", "/health")["status"] == "healthy"


def test_admin_token_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGM_ADMIN_TOKEN", "secret")
    with agm.start() as server:
        assert server.admin.faults() == []
        server.admin = agm.Admin(server.url, token="wrong")

        with pytest.raises(agm.AdminError) as rejected:
            server.admin.faults()

    assert rejected.value.status == 401


def test_server_stops_gracefully_and_stop_is_idempotent() -> None:
    server = agm.start()

    assert server.stop() == 0
    assert server.stop() == 0


@pytest.mark.skipif(
    "--exit-with-parent" not in subprocess.run([agm.find_binary(), "--help"], capture_output=True, text=True).stdout,
    reason="this binary cannot monitor its parent process",
)
def test_server_exits_when_its_parent_process_is_killed() -> None:
    program = "import access_groups_mock as agm, os; print(agm.start().url, flush=True); os.kill(os.getpid(), 9)"

    url = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip()

    for _ in range(100):
        try:
            agm.connect(url).admin.faults()
        except agm.AdminError:
            return
        time.sleep(0.05)
    pytest.fail("the server is still running")


def test_start_error_contains_the_reason() -> None:
    with pytest.raises(agm.StartError, match="exited with code 2(.|\n)*--no-such-flag"):
        agm.start("--no-such-flag")
    with pytest.raises(agm.StartError, match="exited with code 3(.|\n)*no-such-file"):
        agm.start(seed="no-such-file")


def test_server_that_is_not_ready_in_time_is_stopped(tmp_path: Path) -> None:
    silent = script(tmp_path, "echo 'still thinking' >&2; exec sleep 60")
    chatty = script(tmp_path, "echo hello; exec sleep 60", "chatty")

    with pytest.raises(agm.StartError, match="not ready after 3 s(.|\n)*still thinking"):
        agm.start(binary=silent, timeout=3)
    with pytest.raises(agm.StartError, match="ready line: hello"):
        agm.start(binary=chatty)


def test_error_of_a_call_to_an_exited_server_contains_its_exit_code() -> None:
    server = agm.start("--log-level", "info")
    os.kill(server.pid, signal.SIGKILL)

    with pytest.raises(agm.AdminError, match="exited with code -9. Its standard error:\n"):
        server.admin.state()


def test_binary_is_read_from_the_environment_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    binary = script(tmp_path, "exit 0")

    monkeypatch.setenv("AGM_BIN", str(binary))
    assert agm.find_binary() == binary
    monkeypatch.setenv("AGM_BIN", "/nowhere")
    with pytest.raises(agm.BinaryNotFound, match="/nowhere"):
        agm.find_binary()


def test_binary_on_the_path_precedes_the_target_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AGM_BIN", raising=False)
    on_path = script(tmp_path, "exit 0")

    monkeypatch.setenv("PATH", str(tmp_path))

    assert agm.find_binary() == on_path


def test_latest_build_of_the_checkout_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AGM_BIN", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("access_groups_mock._binary._target_folders", lambda: [tmp_path])
    release, debug = tmp_path / "release", tmp_path / "debug"
    for age, folder in enumerate([debug, release]):
        folder.mkdir()
        os.utime(script(folder, "exit 0"), (1000 - age, 1000 - age))

    assert agm.find_binary() == debug / "access-groups-mock"


def test_error_for_a_missing_binary_lists_all_locations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AGM_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("access_groups_mock._binary._target_folders", lambda: [tmp_path / "target"])

    with pytest.raises(agm.BinaryNotFound) as missing:
        agm.find_binary()

    for location in ["AGM_BIN", f"PATH: {tmp_path}", f"{tmp_path}/target/release", f"{tmp_path}/target/debug"]:
        assert location in str(missing.value)
    assert str(Path(sys.prefix) / "bin") in str(missing.value)


def script(folder: Path, commands: str, name: str = "access-groups-mock") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{commands}\n")
    path.chmod(0o755)
    return path
