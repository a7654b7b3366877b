"""Tests that a client which is configured only by its environment reaches the server of `exec`.

Every variable that the client reads, its proxies and its credential files lead elsewhere. The clock of the server is
behind that of the machine, so that IBM's clients must use a token whose time is over by the virtual clock only.

`[environment]` in a client.toml contains:

    program         the program, relative to sdk-tests/
    calls           the number of its calls of each operation; it must make no others
    is_only_http    true for a client with hard-coded URLs, whose proxy forwards to http; it is not tested with --tls
    configuration   the configuration that a Terraform provider applies and destroys
    arguments       the arguments that select tests of a vendor's suite
"""

import json
import os
import shutil
import sys
from pathlib import Path

from .driver import Driver
from .paths import REPOSITORY, TESTS
from .process import run
from .results import Outcome, Test

# A port of this machine at which nothing listens.
NOWHERE = "http://127.0.0.1:9"

# The services whose endpoints Terraform's provider for IBM and bluemix-go read from the environment or a file.
IBM_ENDPOINTS = [
    "IAM_API", "IAMPAP_API", "USER_MANAGEMENT", "RESOURCE_MANAGEMENT_API", "ENTERPRISE_API", "ACCOUNT_MANAGEMENT_API",
]

# The variables that a client reads, as docs/clients.md lists them, each with a value of another server or account.
HOSTILE = {
    "AUTHRESS_API_URL": NOWHERE,
    "AUTHRESS_KEY": "elsewhere",
    "CLOUDFLARE_API_BASE_URL": NOWHERE,
    "CLOUDFLARE_API_CERTKEY": "elsewhere",
    "CLOUDFLARE_API_EMAIL": "someone@example.com",
    "CLOUDFLARE_API_KEY": "elsewhere",
    "CLOUDFLARE_API_TOKEN": "elsewhere",
    "CLOUDFLARE_API_URL": NOWHERE,
    "CLOUDFLARE_API_USER_SERVICE_KEY": "elsewhere",
    "CLOUDFLARE_BASE_URL": NOWHERE,
    "CLOUDFLARE_EMAIL": "someone@example.com",
    "CF_API_CERTKEY": "elsewhere",
    "CF_API_EMAIL": "someone@example.com",
    "CF_API_KEY": "elsewhere",
    "CF_API_TOKEN": "elsewhere",
    "IAM_ACCESS_GROUPS_APIKEY": "elsewhere",
    "IAM_ACCESS_GROUPS_AUTH_TYPE": "bearerToken",
    "IAM_ACCESS_GROUPS_AUTH_URL": NOWHERE,
    "IAM_ACCESS_GROUPS_BEARER_TOKEN": "elsewhere",
    "IAM_ACCESS_GROUPS_URL": NOWHERE,
    "BM_API_KEY": "elsewhere",
    "IBMCLOUD_API_KEY": "elsewhere",
    "IBMID": "someone@example.com",
    "IBMID_PASSWORD": "elsewhere",
    "IC_API_KEY": "elsewhere",
    "IC_IAM_PROFILE_ID": "elsewhere",
    "IC_IAM_REFRESH_TOKEN": "elsewhere",
    "IC_IAM_TOKEN": "elsewhere",
    "IC_VISIBILITY": "private",
    "TEST_API_BASE_URL": NOWHERE,
    **{f"IBMCLOUD_{name}_ENDPOINT": NOWHERE for name in IBM_ENDPOINTS},
    **{name: NOWHERE for proxy in ("http_proxy", "https_proxy", "all_proxy") for name in (proxy, proxy.upper())},
    "NO_PROXY": "example.com",
    "no_proxy": "example.com",
    "JAVA_TOOL_OPTIONS": "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9",
}

# The certificates that a client trusts without `exec`; only with --tls are they replaced.
HOSTILE_CERTIFICATES = {
    "CURL_CA_BUNDLE": "/nowhere",
    "NODE_EXTRA_CA_CERTS": "/nowhere",
    "REQUESTS_CA_BUNDLE": "/nowhere",
    "SSL_CERT_FILE": "/nowhere",
}

# The file that IBM's clients prefer to the variables.
IBM_CREDENTIALS = f"""IAM_ACCESS_GROUPS_URL={NOWHERE}
IAM_ACCESS_GROUPS_AUTH_TYPE=iam
IAM_ACCESS_GROUPS_AUTH_URL={NOWHERE}
IAM_ACCESS_GROUPS_APIKEY=elsewhere
"""


def test(driver: Driver, server: Path) -> list[Test]:
    """Runs the program of `[environment]` in client.toml, and returns a test for http and one for https."""
    settings = driver.client.environment
    if not settings:
        return []
    tests = [_test(driver, server, "reaches the server of exec", ["--deterministic"], {})]
    if not settings.get("is_only_http"):
        tests.append(_test(driver, server, "trusts the authority of exec --tls", ["--tls"], HOSTILE_CERTIFICATES))
    return tests


def _test(driver: Driver, server: Path, name: str, options: list[str], certificates: dict[str, str]) -> Test:
    folder, log = driver.output / "environment", driver.output / f"environment{options[0]}.log"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    file = folder / "ibm-credentials.env"
    file.write_text(IBM_CREDENTIALS)
    endpoints = folder / "endpoints.json"
    endpoints.write_text(json.dumps({
        f"IBMCLOUD_{name}_ENDPOINT": {
            visibility: {"us-south": NOWHERE} for visibility in ("public", "private")
        } for name in IBM_ENDPOINTS
    }))
    files = {"IBM_CREDENTIALS_FILE": str(file), "IBMCLOUD_ENDPOINTS_FILE_PATH": str(endpoints)}
    # The home directory is another place for the file, and has no settings of the user.
    hostile = {**HOSTILE, **certificates, **files, "HOME": str(folder)}
    program, env = driver.program(TESTS / driver.client.environment["program"], folder)
    arrived = [sys.executable, str(Path(__file__).with_name("arrived.py"))]
    calls = json.dumps(driver.client.environment["calls"])
    # Settings in the environment of the caller must not reach the server.
    removed = [f"--unset={name}" for name in os.environ if name.startswith("AGM_")]
    seed = ["--seed", str(REPOSITORY / driver.client.seed)] if driver.client.seed else []
    exec_options = [*options, *seed, *driver.client.server_options]
    command = ["env", *removed, str(server), "exec", *exec_options, "--", *arrived, calls, *program]
    code = run(command, log, folder=folder, env={**env, **hostile})
    outcome = Outcome.PASSED if code == 0 else Outcome.FAILED
    return Test(name, outcome, "" if code == 0 else log.read_text(errors="replace")[-2000:])
