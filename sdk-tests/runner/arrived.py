"""Runs a program under `exec`, and fails unless the server has received exactly the expected calls.

The first argument is a JSON object with the number of calls of each operation; the program and its arguments follow.
"""

import json
import os
import subprocess
import sys
import urllib.request


def main() -> int:
    expected, program = json.loads(sys.argv[1]), sys.argv[2:]
    code = subprocess.run(program).returncode
    received = {}
    url = os.environ["AGM_URL"]
    with urllib.request.urlopen(f"{url}/__admin/coverage", timeout=10) as response:
        for operation in json.load(response)["operations"]:
            if operation["calls"]:
                received[operation["operation"]] = operation["calls"]
    if code == 0 and received == expected:
        return 0
    print(f"the program exited with {code}; received {received}, expected {expected}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
