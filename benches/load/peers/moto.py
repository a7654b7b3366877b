"""The server of moto: groups of AWS IAM, the most similar work."""

from pathlib import Path

from harness.dialects import PAGE, numbers
from harness.peer import Peer, Work, pip
from harness.request import UNIQUE, Request
from harness.server import Program, Server

SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/iam/aws4_request, "
                     "SignedHeaders=host, Signature=any",
    "Content-Type": "application/x-www-form-urlencoded",
}


class Moto(Peer):
    name = "moto server"
    version = "5.2.5"
    # It always lists all groups: it ignores pagination.
    note = f"IAM groups, {PAGE} at the start: lists are not paginated"

    def install(self, folder: Path) -> None:
        pip(folder, f"moto[server,iam]=={self.version}")

    def program(self, folder: Path, groups: int) -> Program:
        script = folder / "venv/bin/moto_server"
        return Program("moto", [str(script), "-H", "127.0.0.1", "-p", "{port}"], call("ListGroups"))

    def work(self, server: Server, groups: int) -> Work:
        groups = min(groups, PAGE)
        for number in range(1, groups + 1):
            server.expect_success(call("CreateGroup", f"GroupName=editors-{number}"))
        return Work(
            [call("GetGroup", f"GroupName=editors-{number}") for number in numbers(groups)],
            [call("CreateGroup", f"GroupName=new-editors-{UNIQUE}")],
            [call("ListGroups", f"MaxItems={PAGE}")],
        )


def call(action: str, parameters: str = "") -> Request:
    tail = f"&{parameters}" if parameters else ""
    return Request("POST", "/", SIGNED, f"Action={action}&Version=2010-05-08{tail}")
