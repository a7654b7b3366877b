"""The neighbors of groups: accounts, zones, Access policies, applications and identity providers, members, user groups."""

import cloudflare
import pytest

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ZONE = "9a7806061c88ada191ed06f989cc3dac"
RESOURCES = {"id": "r", "scope": {"key": "com.cloudflare.api.account.1", "objects": [{"key": "*"}]}}
SCOPES = [{"account_id": ACCOUNT}, {"zone_id": ZONE}]


@pytest.fixture
def group(client):
    return client.zero_trust.access.groups.create(account_id=ACCOUNT, name="devs", include=[{"everyone": {}}])


def test_accounts_and_zones_for_which_something_is_stored_are_listed(client, group):
    client.zero_trust.access.groups.create(zone_id=ZONE, name="devs", include=[{"everyone": {}}])

    assert [account.id for account in client.accounts.list()] == [ACCOUNT]
    assert client.accounts.get(account_id=ACCOUNT).id == ACCOUNT
    assert [zone.id for zone in client.zones.list()] == [ZONE]
    assert client.zones.get(zone_id=ZONE).status == "active"
    assert list(client.accounts.list(name="nothing")) == []


def test_the_user_tokens_and_roles_are_read(client):
    assert client.user.get() is not None
    assert client.user.tokens.verify().status == "active"
    assert client.accounts.tokens.verify(account_id=ACCOUNT).status == "active"
    zone_read = "c8fed203ed3043cba015a93ad1616f1f"
    assert [group.id for group in client.user.tokens.permission_groups.list(name="Zone Read")] == [zone_read]
    groups = client.accounts.tokens.permission_groups.list(account_id=ACCOUNT)
    assert zone_read in [group.id for group in groups]
    roles = list(client.accounts.roles.list(account_id=ACCOUNT))
    assert client.accounts.roles.get(roles[0].id, account_id=ACCOUNT).name == roles[0].name


@pytest.mark.parametrize("scope", SCOPES)
def test_an_identity_provider_is_created_read_updated_and_deleted(client, scope):
    providers = client.zero_trust.identity_providers

    created = providers.create(name="Okta", type="okta", config={"client_id": "x"}, **scope)
    assert providers.get(created.id, **scope).name == "Okta"
    assert providers.update(created.id, name="Other", type="okta", config={}, **scope).name == "Other"
    assert [provider.id for provider in providers.list(**scope)] == [created.id]
    providers.delete(created.id, **scope)
    with pytest.raises(cloudflare.NotFoundError):
        providers.get(created.id, **scope)


def test_a_policy_that_includes_a_group_is_created_read_updated_and_deleted(client, group):
    policies = client.zero_trust.access.policies
    include = [{"group": {"id": group.id}}]

    created = policies.create(account_id=ACCOUNT, name="devs", decision="allow", include=include)
    read = policies.get(created.id, account_id=ACCOUNT)
    assert (read.include[0].group.id, read.exclude, read.reusable) == (group.id, [], True)
    policies.update(created.id, account_id=ACCOUNT, name="renamed", decision="deny", include=include)
    assert [policy.name for policy in policies.list(account_id=ACCOUNT)] == ["renamed"]
    assert policies.delete(created.id, account_id=ACCOUNT).id == created.id


@pytest.mark.parametrize("scope", SCOPES)
def test_an_application_and_its_policies_are_created_read_updated_and_deleted(client, scope):
    apps = client.zero_trust.access.applications

    app = apps.create(name="site", domain="a.example.com", type="self_hosted", **scope)
    assert len(app.aud) == 64
    assert apps.get(app.id, **scope).domain == "a.example.com"
    assert apps.update(app.id, name="new", domain="b.example.com", type="self_hosted", **scope).aud == app.aud
    assert [listed.id for listed in apps.list(**scope)] == [app.id]
    rules = {"name": "p", "decision": "allow", "include": [{"everyone": {}}]}
    policy = apps.policies.create(app.id, extra_body=rules, **scope)
    assert apps.policies.get(policy.id, app_id=app.id, **scope).name == "p"
    apps.policies.update(policy.id, app_id=app.id, extra_body={**rules, "name": "q"}, **scope)
    assert [listed.name for listed in apps.policies.list(app.id, **scope)] == ["q"]
    apps.policies.delete(policy.id, app_id=app.id, **scope)
    assert apps.delete(app.id, **scope).id == app.id
    with pytest.raises(cloudflare.NotFoundError):
        apps.policies.list(app.id, **scope)


def test_a_member_is_added_read_updated_and_removed(client):
    members = client.accounts.members

    member = members.create(account_id=ACCOUNT, email="a@example.com", roles=["10515a9267294c2e8dd974332556a33b"])
    assert (member.status, member.user.email, member.roles[0].name) == ("pending", "a@example.com", "Firewall")
    assert members.get(member.id, account_id=ACCOUNT).id == member.id
    policy = {"access": "allow", "permission_groups": [{"id": "p"}], "resource_groups": [RESOURCES]}
    members.update(member.id, account_id=ACCOUNT, policies=[policy])
    assert [listed.policies[0].access for listed in members.list(account_id=ACCOUNT)] == ["allow"]
    assert members.delete(member.id, account_id=ACCOUNT).id == member.id


def test_a_user_group_and_its_members_are_created_read_updated_and_deleted(client):
    groups = client.iam.user_groups
    policy = {"access": "allow", "permission_groups": [{"id": "p"}], "resource_groups": [RESOURCES]}

    group = groups.create(account_id=ACCOUNT, name="readers", policies=[policy])
    assert group.policies[0].id
    assert groups.get(group.id, account_id=ACCOUNT).name == "readers"
    assert groups.update(group.id, account_id=ACCOUNT, name="writers", policies=[policy]).name == "writers"
    assert [listed.id for listed in groups.list(account_id=ACCOUNT)] == [group.id]
    with pytest.raises(cloudflare.BadRequestError):
        groups.create(account_id=ACCOUNT, name="writers")
    groups.members.create(group.id, account_id=ACCOUNT, members=[{"id": "m1"}])
    groups.members.update(group.id, account_id=ACCOUNT, members=[{"id": "m2"}])
    assert [member.id for member in groups.members.list(group.id, account_id=ACCOUNT)] == ["m2"]
    assert groups.members.get("m2", account_id=ACCOUNT, user_group_id=group.id).id == "m2"
    assert groups.members.delete("m2", account_id=ACCOUNT, user_group_id=group.id).id == "m2"
    assert groups.delete(group.id, account_id=ACCOUNT).id == group.id
