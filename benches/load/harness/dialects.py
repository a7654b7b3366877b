"""What is asked of each dialect, and the groups that are there to be asked for."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness import places
from harness.request import UNIQUE, Request
from harness.server import Program, Server

BEARER = {"Authorization": "Bearer token"}
# A token in the form that Authress asks for.
JWT = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"}
JSON = {"Content-Type": "application/json"}
PAGE = 50
CREATED_AT = "2026-01-05T10:00:00Z"
NEW_NAME = f"Editors of the house number {UNIQUE}"
# Authress gives no more.
AUTHRESS_PAGE = 20
# So many different requests of a kind are prepared; more would only fill the memory of the load generator.
VARIANTS = 1_000

GET_AIM, CREATE_AIM, PAGE_AIM = 0.85, 0.60, 0.60


@dataclass(frozen=True)
class Operation:
    name: str
    # The least share of the yardstick's requests a second that the project aims at.
    aim: float
    # The route by which the yardstick answers it.
    route: str
    # The requests, which may have to be asked of the server with this many groups.
    requests: Callable[[Server, int], list[Request]]
    creates: bool = False


@dataclass(frozen=True)
class Dialect:
    name: str
    # What the seed file says of so many groups.
    groups: Callable[[int], dict]
    operations: list[Operation]

    def seed(self, count: int) -> Path:
        """Writes the seed file, where it is not there yet."""
        file = places.scratch(f"seed-{self.name}-{count}.json")
        file.write_text(json.dumps(self.groups(count)))
        return file

    def program(self, binary: Path, count: int) -> Program:
        """The server with so many groups of this dialect, otherwise as it is by default."""
        arguments = [str(binary), "--port", "{port}", "--seed", str(self.seed(count))]
        return Program("access-groups-mock", arguments, HEALTH)

    def count(self, server: Server) -> int:
        """How many groups the server has."""
        answer = server.must_answer(Request("GET", f"/__admin/groups?dialect={self.name}&limit=1"))
        return json.loads(answer.body)["meta"]["total"]


HEALTH = Request("GET", "/__admin/health")


def by_number(request: Callable[[int], Request]) -> Callable[[Server, int], list[Request]]:
    """Requests for groups from all over the store."""
    return lambda _, count: [request(number) for number in numbers(count)]


def numbers(count: int) -> list[int]:
    drawn = random.Random(count)
    return drawn.sample(range(1, count + 1), min(count, VARIANTS))


def pages(request: Callable[[int], Request]) -> Callable[[Server, int], list[Request]]:
    """Requests for full pages from all over the store; the first page has the number 0."""

    def requests(_: Server, count: int) -> list[Request]:
        full = max(1, count // PAGE)
        return [request(page) for page in random.Random(count).sample(range(full), min(full, VARIANTS))]

    return requests


def only(request: Request) -> Callable[[Server, int], list[Request]]:
    return lambda _, __: [request]


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def body(value: dict) -> str:
    return json.dumps(value, separators=(",", ":"))


# cloudflare

CLOUDFLARE = "/client/v4/accounts/a1/access/groups"


def cloudflare_group(name: str, number: int | str) -> dict:
    return {
        "name": name,
        "include": [
            {"email_domain": {"domain": "example.com"}}, {"email": {"email": f"anna-{number}@example.com"}},
            {"group": {"id": "aa0a4aab-672b-4bdb-bc33-a59f1130a11f"}},
        ],
        "exclude": [{"geo": {"country_code": "US"}}, {"ip": {"ip": "192.0.2.0/24"}}],
        "require": [{"auth_method": {"auth_method": "mfa"}}],
    }


def cloudflare_groups(count: int) -> dict:
    groups = [
        {"id": uuid(number), "created_at": CREATED_AT}
        | cloudflare_group(f"Editors of the house number {number}", number)
        for number in range(1, count + 1)
    ]
    return {"cloudflare": {"accounts": {"a1": {"access_groups": groups}}}}


# ibm

MEMBER = "IBMid-270001"


def ibm_id(number: int) -> str:
    return f"AccessGroupId-{uuid(number)}"


def ibm_groups(count: int) -> dict:
    def group(number: int) -> dict:
        # One identity can be in 50 groups at most.
        member = f"IBMid-{270001 + number // PAGE}"
        return {
            "id": ibm_id(number),
            "name": f"Editors of the house number {number}",
            "description": "those who may edit what the house publishes",
            "created_at": CREATED_AT,
            "created_by_id": MEMBER,
            "members": [{"iam_id": member, "type": "user"}],
        }

    return {"ibm": {"accounts": {"a1": {"groups": [group(number) for number in range(1, count + 1)]}}}}


def ibm_member_check(number: int) -> Request:
    member = f"IBMid-{270001 + number // PAGE}"
    return Request("HEAD", f"/v2/groups/{ibm_id(number)}/members/{member}", BEARER)


# authress


def authress_group(name: str, number: int | str) -> dict:
    users = [{"userId": "anna"}, {"userId": "ben"}, {"userId": f"user-{number}"}]
    return {"name": name, "users": users, "admins": [{"userId": "carl"}]}


def authress_groups(count: int) -> dict:
    groups = [
        {"groupId": f"grp_{number}", "lastUpdated": "2026-01-02T03:04:05.678Z", "tags": {"environment": "production"}}
        | authress_group(f"Editors of the house number {number}", number)
        for number in range(1, count + 1)
    ]
    return {"authress": {"groups": groups}}


def authress_pages(server: Server, count: int) -> list[Request]:
    """Full pages, found by following the links from the first one on."""
    first = f"/v1/groups?limit={AUTHRESS_PAGE}"
    paths = [first]
    while len(paths) < min(VARIANTS, count // AUTHRESS_PAGE):
        answer = json.loads(server.must_answer(Request("GET", paths[-1], JWT)).body)
        paths.append("/" + answer["links"]["next"]["href"].split("/", 3)[3])
    random.Random(count).shuffle(paths)
    return [Request("GET", path, JWT) for path in paths]


# legacy


def legacy_group(name: str, number: int | str) -> dict:
    return {
        "name": name, "valid": 1, "company_id": 12, "license_id": 3, "auto_update": True, "send_mail": False,
        "customers": [{"email": f"anna-{number}@example.com", "valid": True}],
        "domains": ["example.com", "example.org"],
        "invite_type": "InviteOnly",
    }


def legacy_groups(count: int) -> dict:
    groups = [
        {"id": number, "created_at": "2024-11-01T04:45:57.4498996+01:00"}
        | legacy_group(f"Editors of the house number {number}", number)
        for number in range(1, count + 1)
    ]
    return {"legacy": {"access_groups": groups}}


DIALECTS = [
    Dialect("cloudflare", cloudflare_groups, [
        Operation("get", GET_AIM, f"{CLOUDFLARE}/{{id}}",
                  by_number(lambda number: Request("GET", f"{CLOUDFLARE}/{uuid(number)}", BEARER))),
        Operation("create", CREATE_AIM, CLOUDFLARE,
                  only(Request("POST", CLOUDFLARE, BEARER | JSON, body(cloudflare_group(NEW_NAME, 1)))), creates=True),
        Operation("page of 50", PAGE_AIM, CLOUDFLARE,
                  pages(lambda page: Request("GET", f"{CLOUDFLARE}?page={page + 1}&per_page={PAGE}", BEARER))),
    ]),
    Dialect("ibm", ibm_groups, [
        Operation("get", GET_AIM, "/v2/groups/{id}",
                  by_number(lambda number: Request("GET", f"/v2/groups/{ibm_id(number)}", BEARER))),
        Operation("member check", GET_AIM, "/v2/groups/{id}/members/{iam_id}", by_number(ibm_member_check)),
        Operation("create", CREATE_AIM, "/v2/groups",
                  only(Request("POST", "/v2/groups?account_id=a1", BEARER | JSON, body({
                      "name": NEW_NAME, "description": "those who may edit what the house publishes",
                  }))), creates=True),
        Operation("page of 50", PAGE_AIM, "/v2/groups",
                  pages(lambda page: Request(
                      "GET", f"/v2/groups?account_id=a1&limit={PAGE}&offset={page * PAGE}", BEARER))),
    ]),
    Dialect("authress", authress_groups, [
        Operation("get", GET_AIM, "/v1/groups/{id}",
                  by_number(lambda number: Request("GET", f"/v1/groups/grp_{number}", JWT))),
        Operation("create", CREATE_AIM, "/v1/groups",
                  only(Request("POST", "/v1/groups", JWT | JSON, body(authress_group(NEW_NAME, 1)))), creates=True),
        Operation(f"page of {AUTHRESS_PAGE}", PAGE_AIM, "/v1/groups", authress_pages),
    ]),
    Dialect("legacy", legacy_groups, [
        Operation("get", GET_AIM, "/api2/access_groups/{id}",
                  by_number(lambda number: Request("GET", f"/api2/access_groups/{number}.json", BEARER))),
        Operation("create", CREATE_AIM, "/api2/access_groups.json",
                  only(Request("POST", "/api2/access_groups.json", BEARER | JSON,
                               body({"entry": legacy_group(NEW_NAME, 1)}))), creates=True),
        Operation("page of 50", PAGE_AIM, "/api2/access_groups.json",
                  pages(lambda page: Request("GET", f"/api2/access_groups.json?Page={page + 1}", BEARER))),
    ]),
]
