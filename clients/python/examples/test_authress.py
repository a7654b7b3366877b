"""Tests with Authress's official SDK (`pip install authress`)."""

import pytest
from authress import AuthressClient

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"


@pytest.fixture
def client(access_groups_namespace):
    client = AuthressClient(authress_api_url=access_groups_namespace.urls.authress)
    client.set_token(TOKEN)
    return client


def test_group_is_created_and_read(client):
    group = client.groups.create_group({"name": "Editors", "users": [{"userId": "u1"}], "admins": []})

    assert client.groups.get_group(group.group_id).name == "Editors"
