"""Mockoon: a CRUD route with a data bucket."""

import json
from pathlib import Path

from harness import paths
from harness.peer import Peer, Work, example_groups, npm, rest_work
from harness.request import Request
from harness.server import Program, Server


class Mockoon(Peer):
    name = "Mockoon"
    version = "9.9.0"
    note = "a CRUD route"

    def install(self, folder: Path) -> None:
        npm(folder, f"@mockoon/cli@{self.version}")

    def program(self, folder: Path, groups: int) -> Program:
        file = paths.scratch("mockoon.json")
        file.write_text(json.dumps(environment(groups)))
        script = folder / "node_modules/@mockoon/cli/bin/run.js"
        return Program("mockoon", ["node", str(script), "start", "--data", str(file), "--port", "{port}",
                                   "--disable-log-to-file", "--repair"], Request("GET", "/groups?page=1&limit=1"))

    def work(self, server: Server, groups: int) -> Work:
        return rest_work("/groups", groups, "page={page}&limit={length}")

    def count(self, server: Server) -> int:
        response = server.expect_success(Request("GET", "/groups?page=1&limit=1"))
        return int(response.header("X-Total-Count"))


def environment(groups: int) -> dict:
    """Returns a data file with one bucket and its route."""
    bucket = {"uuid": "b0000000-0000-4000-8000-000000000001", "id": "grps", "name": "groups", "documentation": "",
              "value": json.dumps(example_groups(groups))}
    response = {
        "uuid": "b0000000-0000-4000-8000-000000000002", "body": "", "latency": 0, "statusCode": 200, "label": "",
        "headers": [{"key": "Content-Type", "value": "application/json"}], "bodyType": "DATABUCKET", "filePath": "",
        "databucketID": "grps", "sendFileAsBody": False, "rules": [], "rulesOperator": "OR",
        "disableTemplating": True, "fallbackTo404": False, "default": True, "crudKey": "id", "callbacks": [],
    }
    route = {"uuid": "b0000000-0000-4000-8000-000000000003", "type": "crud", "documentation": "", "method": "",
             "endpoint": "groups", "responses": [response], "responseMode": None, "streamingMode": None,
             "streamingInterval": 0}
    return {
        "uuid": "b0000000-0000-4000-8000-000000000004", "lastMigration": 33, "name": "groups", "endpointPrefix": "",
        "latency": 0, "port": 3000, "hostname": "", "folders": [], "routes": [route],
        "rootChildren": [{"type": "route", "uuid": route["uuid"]}], "proxyMode": False, "proxyHost": "",
        "proxyRemovePrefix": False, "cors": True, "headers": [], "proxyReqHeaders": [], "proxyResHeaders": [],
        "data": [bucket], "callbacks": [],
        "tlsOptions": {"enabled": False, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "", "caPath": "",
                       "passphrase": ""},
    }
