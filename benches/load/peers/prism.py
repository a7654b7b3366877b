"""Prism: returns the examples of an OpenAPI description; Cloudflare's SDKs are tested with it."""

import json
from pathlib import Path

from harness import paths
from harness.dialects import PAGE
from harness.peer import Peer, Work, example_group, example_groups, npm, rest_work
from harness.request import Request
from harness.server import Program, Server

PATH = "/accounts/a1/access/groups"


class Prism(Peer):
    name = "Prism"
    # The latest version for Node 20.
    version = "5.14.2"
    keeps_state = False
    note = "a description of three operations with examples"

    def install(self, folder: Path) -> None:
        npm(folder, f"@stoplight/prism-cli@{self.version}")

    def program(self, folder: Path, groups: int) -> Program:
        description = paths.scratch("prism.json")
        description.write_text(json.dumps(openapi()))
        script = folder / "node_modules/@stoplight/prism-cli/dist/index.js"
        return Program("prism", ["node", str(script), "mock", "--port", "{port}", "--host", "127.0.0.1",
                                 "--verboseLevel", "error", str(description)], Request("GET", f"{PATH}/x"))

    def work(self, server: Server, groups: int) -> Work:
        return rest_work(PATH, groups)


def openapi() -> dict:
    def responses(status: str, value: object) -> dict:
        envelope = {"errors": [], "messages": [], "result": value, "success": True}
        content = {"application/json": {"schema": {"type": "object"}, "example": envelope}}
        return {"responses": {status: {"description": "done", "content": content}}}

    def parameter(name: str, location: str, kind: str) -> dict:
        return {"name": name, "in": location, "required": location == "path", "schema": {"type": kind}}

    rules = {"type": "array", "items": {"type": "object"}}
    group = {"type": "object", "required": ["name", "include"],
             "properties": {"name": {"type": "string"}, "include": rules, "exclude": rules, "require": rules}}
    account = parameter("account", "path", "string")
    return {
        "openapi": "3.0.3",
        "info": {"title": "Access groups", "version": "1"},
        "paths": {
            "/accounts/{account}/access/groups": {
                "parameters": [account],
                "get": {"parameters": [parameter(name, "query", "integer") for name in ("page", "per_page")]}
                | responses("200", example_groups(PAGE)),
                "post": {"requestBody": {"content": {"application/json": {"schema": group}}}}
                | responses("201", example_group(1)),
            },
            "/accounts/{account}/access/groups/{group}": {
                "parameters": [account, parameter("group", "path", "string")],
                "get": responses("200", example_group(1)),
            },
        },
    }
