"""The Terraform CLI in a working directory."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Replaces the list of attributes for a resource that a plan creates.
CREATED = ["(created)"]


class StepFailed(Exception):
    """A step of a case failed."""


@dataclass(frozen=True)
class Toolchain:
    """The Terraform CLI, and the provider that it must use."""

    cli: Path
    source: str
    provider: Path


def clean_environment() -> dict[str, str]:
    """Returns the environment without variables that would configure the CLI or a provider."""
    prefixes = ("TF_", "IBMCLOUD_", "IC_", "CLOUDFLARE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


class WorkingDirectory:
    """A new folder with a configuration and its state."""

    def __init__(self, toolchain: Toolchain, folder: Path, env: dict[str, str]) -> None:
        self._settings = (toolchain, folder, env)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._cli = toolchain.cli
        self._folder = folder
        settings = folder / "settings.tfrc"
        # With the override, the CLI takes the provider from the folder and does not contact a provider registry.
        settings.write_text(
            "provider_installation {\n"
            f"  dev_overrides {{ {json.dumps(toolchain.source)} = {json.dumps(str(toolchain.provider.parent))} }}\n"
            "  direct {}\n"
            "}\n"
        )
        cli_env = {
            "TF_CLI_CONFIG_FILE": str(settings), "TF_INPUT": "0", "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
        }
        self._env = clean_environment() | cli_env | env

    def configure(self, configuration: Path) -> None:
        """Replaces the configuration with a copy of a file."""
        shutil.copy(configuration, self._folder / "main.tf")

    def apply(self) -> None:
        self._run_checked("apply", "-auto-approve")

    def destroy(self) -> None:
        self._run_checked("destroy", "-auto-approve")

    def changes(self) -> dict[str, list[str]]:
        """Runs plan, and returns the attributes that it changes by resource address."""
        code, _ = self._run("plan", "-detailed-exitcode", "-out=plan")
        if code == 0:
            return {}
        if code != 2:
            raise StepFailed(f"plan exited with {code}\n{self._log_end()}")
        plan = json.loads(self._run_checked("show", "-json", "plan"))
        return {
            change["address"]: _changed_attributes(change["change"])
            for change in plan["resource_changes"]
            if change["change"]["actions"] not in (["no-op"], ["read"])
        } | {f"output.{name}": [] for name, change in _outputs(plan) if change["actions"] != ["no-op"]}

    def reimport(self, address: str, identifier: str) -> None:
        """Removes a resource from the state and imports it."""
        self._run_checked("state", "rm", address)
        self._run_checked("import", address, identifier)

    def import_with_generated_configuration(self, header: str, identifiers: dict[str, str]) -> "WorkingDirectory":
        """Imports resources, by address, into a new folder, with a configuration that the CLI generates.

        `header` is the part of a configuration that selects and configures the provider.
        """
        toolchain, folder, env = self._settings
        other = WorkingDirectory(toolchain, folder.with_name(f"{folder.name}-generated"), env)
        # Without `provider`, Terraform 1.16 looks for the provider in the registry, whatever required_providers says.
        blocks = [
            f"import {{\n  to       = {address}\n  id       = {json.dumps(identifier)}\n"
            f"  provider = {address.split('_')[0]}\n}}\n"
            for address, identifier in identifiers.items()
        ]
        main = other._folder / "main.tf"
        main.write_text("\n".join([header, *blocks]))
        other._run_checked("plan", "-generate-config-out=generated.tf", "-out=plan")
        other._run_checked("apply", "plan")
        # The blocks have served their purpose, and `provider` is not allowed in them once there is a resource.
        main.write_text(header)
        return other

    def attributes(self, address: str) -> dict:
        """Returns the attributes of a resource in the state."""
        resources = self._state()["values"]["root_module"].get("resources", [])
        return next(resource["values"] for resource in resources if resource["address"] == address)

    def output(self, name: str) -> dict:
        """Returns the value of an output; it is empty if there is no such output."""
        return self._state()["values"].get("outputs", {}).get(name, {}).get("value", {})

    def is_empty(self) -> bool:
        return not self._run_checked("state", "list").strip()

    def _state(self) -> dict:
        return json.loads(self._run_checked("show", "-json"))

    def _run_checked(self, *arguments: str) -> str:
        code, output = self._run(*arguments)
        if code != 0:
            raise StepFailed(f"{' '.join(arguments)} exited with {code}\n{self._log_end()}")
        return output

    def _run(self, *arguments: str) -> tuple[int, str]:
        command = [str(self._cli), arguments[0], *_no_color(arguments[0]), *arguments[1:]]
        done = subprocess.run(command, cwd=self._folder, env=self._env, capture_output=True, text=True)
        with (self._folder / "log").open("a") as log:
            log.write(f"\n$ {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.returncode, done.stdout

    def _log_end(self) -> str:
        return (self._folder / "log").read_text()[-3000:]


def _no_color(command: str) -> list[str]:
    return [] if command == "state" else ["-no-color"]


def _outputs(plan: dict) -> list[tuple[str, dict]]:
    return list(plan.get("output_changes", {}).items())


def _changed_attributes(change: dict) -> list[str]:
    if change["before"] is None:
        return CREATED
    before, after = change["before"], change["after"] or {}
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
