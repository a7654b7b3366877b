# Installs the packages of a finding, in findings/.cache, and runs its program.

findings=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$findings/.cache/$(basename "$0" .sh)

# Runs the Python program on standard input with the given packages and the module stub.
with_python() {
    local python=$cache/venv/bin/python
    [[ -x $python ]] || python3 -m venv "$cache/venv"
    "$python" -m pip install --quiet --disable-pip-version-check "$@"
    cd "$cache"
    PYTHONPATH=$findings PYTHONDONTWRITEBYTECODE=1 "$python" -
}

# Runs the JavaScript module on standard input with the given packages and the module stub.
with_node() {
    mkdir -p "$cache"
    cd "$cache"
    echo '{"private":true,"type":"module"}' >package.json
    npm install --silent --no-audit --no-fund --no-package-lock "$@"
    cp "$findings/stub.mjs" stub.mjs
    cat >finding.mjs
    node finding.mjs
}
