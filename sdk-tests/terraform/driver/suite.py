"""The acceptance tests inside the IBM provider's module, unmodified.

They serve the provider inside the test program, so nothing has to be installed for them.
"""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .build import Module, tests
from .case import Outcome
from .mock import Server, Space
from .places import WORK

PACKAGE = "ibm/service/iamaccessgroup"
# The tests want these set, though access groups have no use for the first two.
SETTINGS = {
    "TF_ACC": "1",
    "IAAS_CLASSIC_API_KEY": "key",
    "IAAS_CLASSIC_USERNAME": "user",
    "IC_API_KEY": "key",
    "IBM_IAMUSER": "ada@example.com",
    "IAM_ACCESS_GROUP_ASSIGNMENT_TARGET_ACCOUNT": "5f5e2a7a1ad64a1fa0a1cbd2ab6e3f37",
    "CHECKPOINT_DISABLE": "1",
}


def run(module: Module, program: Path, server: Server, env: dict[str, str]) -> tuple[list[Outcome], set[str]]:
    """Runs every acceptance test of the package, each in a namespace of its own, `env` pointing at a namespace."""
    binary, folder = tests(module, PACKAGE)
    env = _kept() | SETTINGS | env | {"TF_ACC_TERRAFORM_PATH": str(program), "TF_ACC_PROVIDER_HOST": _host(program)}

    def one(name: str) -> tuple[Outcome, set[str]]:
        space = Space(server, f"suite-{name}")
        own = env | {variable: space.url for variable in env if variable.endswith("_ENDPOINT")}
        command = ["nice", str(binary), "-test.v", f"-test.run=^{name}$", "-test.timeout=15m"]
        done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True)
        passed = done.returncode == 0 and f"--- PASS: {name}" in done.stdout
        said = "" if passed else "\n".join(done.stdout.splitlines()[-40:])
        print(f"   {'passed' if passed else 'FAILED'} {name}", flush=True)
        return Outcome("own tests", name, said), space.driven()

    with ThreadPoolExecutor(max_workers=2) as pool:
        ends = list(pool.map(one, _names(binary, folder, env)))
    return [outcome for outcome, _ in ends], set().union(*(driven for _, driven in ends))


def _names(binary: Path, folder: Path, env: dict[str, str]) -> list[str]:
    said = subprocess.run([str(binary), "-test.list=^TestAcc"], cwd=folder, env=env, capture_output=True, text=True)
    return [line for line in said.stdout.splitlines() if line.startswith("TestAcc")]


def _host(program: Path) -> str:
    """Returns the host that the program adds to the name of a provider, which differs from program to program."""
    folder = WORK / "work" / "host"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text('provider "ibm" {}\n')
    said = subprocess.run([str(program), "providers"], cwd=folder, env=_kept(), capture_output=True, text=True)
    return re.search(r"provider\[([^/\]]+)/", said.stdout).group(1)


def _kept() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "IBMCLOUD_", "IC_"))}
