"""Ingests accounts with a program that is configured by the environment only, and that then finds no database."""

import subprocess
import sys
from pathlib import Path

from endpoints import use_tls_url

use_tls_url()
program = Path(sys.executable).with_name("cartography")
command = [program, "--neo4j-uri", "bolt://127.0.0.1:9", "--selected-modules", "cloudflare",
           "--cloudflare-token-env-var", "CLOUDFLARE_API_TOKEN"]
done = subprocess.run(command, capture_output=True, text=True)
if "Couldn't connect to 127.0.0.1:9" not in done.stderr:
    sys.exit(done.stdout + done.stderr)
