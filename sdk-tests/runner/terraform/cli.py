"""One folder with a configuration, and the command-line program at work in it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


# What stands for the attributes of a resource that a plan would create.
CREATED = ["(created)"]


class StepFailed(Exception):
    """A step in the life of a resource did not go as it must."""


@dataclass(frozen=True)
class Tool:
    """The command-line program, and the provider that it is to use."""

    program: Path
    source: str
    provider: Path


def unaffected() -> dict[str, str]:
    """Returns the environment without what would reach the program or a provider."""
    settings = ("TF_", "IBMCLOUD_", "IC_", "CLOUDFLARE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(settings)}


class Work:
    """A folder of its own with a state of its own."""

    def __init__(self, tool: Tool, folder: Path, env: dict[str, str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._program = tool.program
        self._folder = folder
        settings = folder / "settings.tfrc"
        # The override makes the program take the provider from the folder and ask no registry.
        settings.write_text(
            "provider_installation {\n"
            f"  dev_overrides {{ {json.dumps(tool.source)} = {json.dumps(str(tool.provider.parent))} }}\n"
            "  direct {}\n"
            "}\n"
        )
        own = {"TF_CLI_CONFIG_FILE": str(settings), "TF_INPUT": "0", "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        self._env = unaffected() | own | env

    def configure(self, configuration: Path) -> None:
        """Makes a file the configuration."""
        shutil.copy(configuration, self._folder / "main.tf")

    def apply(self) -> None:
        self._must("apply", "-auto-approve")

    def destroy(self) -> None:
        self._must("destroy", "-auto-approve")

    def changes(self) -> dict[str, list[str]]:
        """Plans, and returns the attributes that would be changed, by the address of their resource."""
        code, _ = self._run("plan", "-detailed-exitcode", "-out=plan")
        if code == 0:
            return {}
        if code != 2:
            raise StepFailed(f"plan ended with {code}\n{self._log_end()}")
        plan = json.loads(self._must("show", "-json", "plan"))
        return {
            change["address"]: _differing(change["change"])
            for change in plan["resource_changes"]
            if change["change"]["actions"] not in (["no-op"], ["read"])
        } | {f"output.{name}": [] for name, change in _outputs(plan) if change["actions"] != ["no-op"]}

    def reimport(self, address: str, identifier: str) -> None:
        """Forgets a resource and imports it."""
        self._must("state", "rm", address)
        self._must("import", address, identifier)

    def attributes(self, address: str) -> dict:
        """Returns what the state holds of a resource."""
        resources = self._state()["values"]["root_module"].get("resources", [])
        return next(resource["values"] for resource in resources if resource["address"] == address)

    def output(self, name: str) -> dict:
        """Returns an output, or nothing where there is none of that name."""
        return self._state()["values"].get("outputs", {}).get(name, {}).get("value", {})

    def is_empty(self) -> bool:
        return not self._must("state", "list").strip()

    def _state(self) -> dict:
        return json.loads(self._must("show", "-json"))

    def _must(self, *arguments: str) -> str:
        code, said = self._run(*arguments)
        if code != 0:
            raise StepFailed(f"{' '.join(arguments)} ended with {code}\n{self._log_end()}")
        return said

    def _run(self, *arguments: str) -> tuple[int, str]:
        command = [str(self._program), arguments[0], *_colorless(arguments[0]), *arguments[1:]]
        done = subprocess.run(command, cwd=self._folder, env=self._env, capture_output=True, text=True)
        with (self._folder / "log").open("a") as log:
            log.write(f"\n$ {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.returncode, done.stdout

    def _log_end(self) -> str:
        return (self._folder / "log").read_text()[-3000:]


def _colorless(command: str) -> list[str]:
    return [] if command == "state" else ["-no-color"]


def _outputs(plan: dict) -> list[tuple[str, dict]]:
    return list(plan.get("output_changes", {}).items())


def _differing(change: dict) -> list[str]:
    if change["before"] is None:
        return CREATED
    before, after = change["before"], change["after"] or {}
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
