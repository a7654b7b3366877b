"""WireMock: stubs for the three operations."""

import json
import shutil
from pathlib import Path

from harness import paths
from harness.dialects import PAGE
from harness.peer import Peer, Work, example_group, example_groups, need, rest_work, run
from harness.request import Request
from harness.server import Program, Server

PATH = "/accounts/a1/access/groups"


class WireMock(Peer):
    name = "WireMock"
    version = "3.13.1"
    keeps_state = False
    note = "three stubs, default settings"
    options: list[str] = []

    def install(self, folder: Path) -> None:
        need("java", "Java 17")
        run([need("mvn", "Maven"), "-q", "dependency:copy",
             f"-Dartifact=org.wiremock:wiremock-standalone:{self.version}", f"-DoutputDirectory={folder}"])

    def program(self, folder: Path, groups: int) -> Program:
        root = paths.scratch("wiremock")
        shutil.rmtree(root, ignore_errors=True)
        (root / "mappings").mkdir(parents=True)
        for name, stub in stubs().items():
            (root / "mappings" / f"{name}.json").write_text(json.dumps(stub))
        jar = folder / f"wiremock-standalone-{self.version}.jar"
        return Program("wiremock", ["java", "-jar", str(jar), "--port", "{port}", "--root-dir", str(root),
                                    "--disable-banner", *self.options], Request("GET", f"{PATH}/x"))

    def work(self, server: Server, groups: int) -> Work:
        return rest_work(PATH, groups)


class WireMockQuiet(WireMock):
    name = "WireMock quiet"
    note = "three stubs, journal off"
    options = ["--no-request-journal"]


def stubs() -> dict[str, dict]:
    def stub(request: dict, status: int, value: object) -> dict:
        envelope = {"errors": [], "messages": [], "result": value, "success": True}
        response = {"status": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(envelope)}
        return {"request": request, "response": response}

    return {
        "get": stub({"method": "GET", "urlPathPattern": f"{PATH}/[^/]+"}, 200, example_group(1)),
        "page": stub({"method": "GET", "urlPath": PATH}, 200, example_groups(PAGE)),
        "create": stub({"method": "POST", "urlPath": PATH}, 201, example_group(1)),
    }
