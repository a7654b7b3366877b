"""Scans of the zones of the seed. The settings of zones, which the checks read, belong to APIs that are not emulated."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ZONE = "9a7806061c88ada191ed06f989cc3dac"


@pytest.fixture
def prowler(namespace, tmp_path):
    """Returns a function that runs a scan, and returns its findings and its output."""
    env = os.environ | {
        "CLOUDFLARE_API_TOKEN": "any", "CLOUDFLARE_BASE_URL": f"{namespace.url}/client/v4", "HOME": str(tmp_path),
    }

    def run(*arguments):
        command = [Path(sys.executable).with_name("prowler"), "cloudflare", "--no-banner", "--ignore-exit-code-3",
                   "--checks", "zone_development_mode_disabled", "--output-formats", "json-ocsf",
                   "--output-directory", str(tmp_path), "--output-filename", "scan", *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600)
        report = tmp_path / "scan.ocsf.json"
        return json.loads(report.read_text()) if report.exists() else [], done.stdout + done.stderr

    return run


def test_the_zones_of_the_account_are_scanned(prowler):
    findings, output = prowler()

    assert [finding["resources"][0]["uid"] for finding in findings] == [ZONE], output
    assert "ada@example.com" in output or ACCOUNT in output, output


def test_zones_are_selected_by_account(prowler):
    findings, output = prowler("--account-id", "f" * 32)

    assert findings == [], output


def test_a_scan_does_without_the_user(prowler, namespace):
    namespace.fault("cloudflare_get_user", {"type": "status", "status": 403})

    findings, output = prowler()

    assert len(findings) == 1, output


def test_a_scan_ends_without_accounts(prowler, namespace):
    namespace.fault("cloudflare_list_accounts", {"type": "status", "status": 403})

    findings, output = prowler()

    assert findings == []
    assert "403" in output, output
