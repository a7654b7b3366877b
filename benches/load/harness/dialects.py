"""The measured operations of each dialect, and its seeds."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness import paths
from harness.request import UNIQUE, Request
from harness.server import Program, Server

BEARER = {"Authorization": "Bearer token"}
# A token in the format that Authress requires.
JWT = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"}
JSON = {"Content-Type": "application/json"}
PAGE = 50
CREATED_AT = "2026-01-05T10:00:00Z"
NEW_NAME = f"Editors of the house number {UNIQUE}"
# The maximum page size of Authress.
AUTHRESS_PAGE = 20
# The maximum number of different requests per operation; more would only use memory of the load generator.
VARIANTS = 1_000

GET_TARGET, CREATE_TARGET, PAGE_TARGET = 0.82, 0.70, 0.75


@dataclass(frozen=True)
class Operation:
    name: str
    # The minimum ratio to the baseline's requests per second that the project aims for.
    target: float
    # The path of its route.
    route: str
    # Returns the requests for a number of groups; may have to request them from the server.
    requests: Callable[[Server, int], list[Request]]
    creates: bool = False


@dataclass(frozen=True)
class Dialect:
    name: str
    # Returns the seed with this number of groups.
    groups: Callable[[int], dict]
    operations: list[Operation]

    def seed(self, count: int) -> Path:
        """Writes the seed file, and returns its path."""
        file = paths.scratch(f"seed-{self.name}-{count}.json")
        file.write_text(json.dumps(self.groups(count)))
        return file

    def program(self, binary: Path, count: int) -> Program:
        """Returns the server with `count` groups of this dialect and otherwise default settings."""
        arguments = [str(binary), "--port", "{port}", "--seed", str(self.seed(count))]
        return Program("access-groups-mock", arguments, HEALTH)

    def count(self, server: Server) -> int:
        """Returns the number of groups of the server."""
        response = server.expect_success(Request("GET", f"/__admin/groups?dialect={self.name}&limit=1"))
        return json.loads(response.body)["meta"]["total"]


HEALTH = Request("GET", "/__admin/health")


def by_number(request: Callable[[int], Request]) -> Callable[[Server, int], list[Request]]:
    """Returns requests for random groups."""
    return lambda _, count: [request(number) for number in numbers(count)]


def numbers(count: int) -> list[int]:
    drawn = random.Random(count)
    return drawn.sample(range(1, count + 1), min(count, VARIANTS))


def pages(request: Callable[[int], Request]) -> Callable[[Server, int], list[Request]]:
    """Returns requests for random full pages; page numbers start at 0."""

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
CLOUDFLARE_ROUTE = "/client/v4/accounts/{account_id}/access/groups"


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
        # An identity can be in at most 50 groups.
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
    """Returns requests for full pages, found by following the links from the first page on."""
    first = f"/v1/groups?limit={AUTHRESS_PAGE}"
    targets = [first]
    while len(targets) < min(VARIANTS, count // AUTHRESS_PAGE):
        response = json.loads(server.expect_success(Request("GET", targets[-1], JWT)).body)
        targets.append("/" + response["links"]["next"]["href"].split("/", 3)[3])
    random.Random(count).shuffle(targets)
    return [Request("GET", target, JWT) for target in targets]


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
        Operation("get", GET_TARGET, f"{CLOUDFLARE_ROUTE}/{{group_id}}",
                  by_number(lambda number: Request("GET", f"{CLOUDFLARE}/{uuid(number)}", BEARER))),
        Operation("create", CREATE_TARGET, CLOUDFLARE_ROUTE,
                  only(Request("POST", CLOUDFLARE, BEARER | JSON, body(cloudflare_group(NEW_NAME, 1)))), creates=True),
        Operation("page of 50", PAGE_TARGET, CLOUDFLARE_ROUTE,
                  pages(lambda page: Request("GET", f"{CLOUDFLARE}?page={page + 1}&per_page={PAGE}", BEARER))),
    ]),
    Dialect("ibm", ibm_groups, [
        Operation("get", GET_TARGET, "/v2/groups/{access_group_id}",
                  by_number(lambda number: Request("GET", f"/v2/groups/{ibm_id(number)}", BEARER))),
        Operation("member check", GET_TARGET, "/v2/groups/{access_group_id}/members/{iam_id}",
                  by_number(ibm_member_check)),
        Operation("create", CREATE_TARGET, "/v2/groups",
                  only(Request("POST", "/v2/groups?account_id=a1", BEARER | JSON, body({
                      "name": NEW_NAME, "description": "those who may edit what the house publishes",
                  }))), creates=True),
        Operation("page of 50", PAGE_TARGET, "/v2/groups",
                  pages(lambda page: Request(
                      "GET", f"/v2/groups?account_id=a1&limit={PAGE}&offset={page * PAGE}", BEARER))),
    ]),
    Dialect("authress", authress_groups, [
        Operation("get", GET_TARGET, "/v1/groups/{groupId}",
                  by_number(lambda number: Request("GET", f"/v1/groups/grp_{number}", JWT))),
        Operation("create", CREATE_TARGET, "/v1/groups",
                  only(Request("POST", "/v1/groups", JWT | JSON, body(authress_group(NEW_NAME, 1)))), creates=True),
        Operation(f"page of {AUTHRESS_PAGE}", PAGE_TARGET, "/v1/groups", authress_pages),
    ]),
    Dialect("legacy", legacy_groups, [
        Operation("get", GET_TARGET, "/api2/access_groups/{id}",
                  by_number(lambda number: Request("GET", f"/api2/access_groups/{number}.json", BEARER))),
        Operation("create", CREATE_TARGET, "/api2/access_groups.json",
                  only(Request("POST", "/api2/access_groups.json", BEARER | JSON,
                               body({"entry": legacy_group(NEW_NAME, 1)}))), creates=True),
        Operation("page of 50", PAGE_TARGET, "/api2/access_groups.json",
                  pages(lambda page: Request("GET", f"/api2/access_groups.json?Page={page + 1}", BEARER))),
    ]),
]
