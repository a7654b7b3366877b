"""Runs tests of a vendor's suite against the server of the environment.

The arguments are the folder in which the tests run, the file in which IBM's suites expect their properties or `-`, and
the command. Cloudflare's suites read TEST_API_BASE_URL, and those of Terraform's provider for IBM the variables of the
provider.
"""

import os
import subprocess
import sys
from pathlib import Path

from endpoints import use_tls_url

folder, properties, *command = sys.argv[1:]
url = os.environ.get("AGM_TLS_URL") or os.environ["AGM_URL"]
os.environ["TEST_API_BASE_URL"] = url
use_tls_url()
if properties != "-":
    text = Path(os.environ["IBM_CREDENTIALS_FILE"]).read_text()
    Path(properties).write_text(text.replace(os.environ["AGM_URL"], url))
sys.exit(subprocess.run(command, cwd=folder).returncode)
