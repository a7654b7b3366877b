"""Lists groups with a client whose URLs are hard-coded, through a proxy to the server of the environment."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cosaccess import CosAccessManager  # noqa: E402
from runner.tls_proxy import TlsProxy  # noqa: E402

url = os.environ["AGM_URL"]
hosts = ["iam.cloud.ibm.com", "user-management.cloud.ibm.com"]

with TlsProxy({host: url for host in hosts}, Path("tls-proxy").resolve()) as proxy:
    os.environ |= proxy.env
    CosAccessManager("any-key").get_access_groups()
