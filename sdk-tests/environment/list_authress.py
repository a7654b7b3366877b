"""Lists groups with the URL and the key of the environment."""

import os

from authress import AuthressClient

url = os.environ.get("AGM_TLS_URL") or os.environ["AUTHRESS_API_URL"]
client = AuthressClient(authress_api_url=url, service_client_access_key=os.environ["AUTHRESS_KEY"])
client.groups.get_groups()
