# Installs what a script needs. Sourced by the scripts beside it.
# shellcheck shell=bash

# Runs a command as root: as it is for root, else through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo. Run as root: $*" >&2
        return 1
    fi
}

# Installs Debian packages without starting the services that come with them:
# Debian asks /usr/sbin/policy-rc.d whether it may.
install_debian() {
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        own_policy=yes
    else
        own_policy=no
    fi
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null && installed=0 || installed=$?
    [ "$own_policy" = no ] || as_root rm -f "$policy"
    return "$installed"
}

# need PROGRAM WHAT DEBIAN FEDORA ARCH ALPINE BREW: makes sure that PROGRAM is on
# PATH; the others name the package by system, `-` where there is none. Of DEBIAN there
# may be several, with spaces between them.
need() {
    command -v "$1" >/dev/null && return 0
    echo "Installing $2, which is missing."
    install_for "$@"
}

# The same, whether it is on PATH or not.
install_for() {
    if command -v apt-get >/dev/null && [ "$3" != - ]; then
        as_root apt-get update -qq
        # shellcheck disable=SC2086
        install_debian $3
    elif command -v dnf >/dev/null && [ "$4" != - ]; then
        as_root dnf install -y -q "$4"
    elif command -v pacman >/dev/null && [ "$5" != - ]; then
        as_root pacman -S --noconfirm --needed "$5"
    elif command -v apk >/dev/null && [ "$6" != - ]; then
        as_root apk add --quiet "$6"
    elif command -v brew >/dev/null && [ "$7" != - ]; then
        brew install --quiet "$7"
    fi
    if ! command -v "$1" >/dev/null; then
        echo "This system is not known here: install $2 so that \`$1\` is on PATH, then run this again." >&2
        return 1
    fi
}

need_redis() {
    command -v valkey-server >/dev/null ||
        need redis-server "a Redis server" redis-server redis redis redis redis
}

# A compiler without the C library links nothing: Debian has them in two packages.
can_link() {
    echo 'int main(void) { return 0; }' | cc -x c -o /dev/null - 2>/dev/null
}

need_rust() {
    if ! can_link; then
        echo "Installing a C compiler, which is missing."
        install_for cc "a C compiler" "gcc libc6-dev" gcc gcc build-base gcc || return 1
    fi
    # The allocator and SQLite are C.
    need make make make make make make make || return 1
    if ! command -v cargo >/dev/null; then
        echo "Rust is missing. Install it from https://rustup.rs, open a new terminal, run this again." >&2
        return 1
    fi
}

# aiosmtpd is an SMTP server for the tests of mails: a module, and no program.
need_aiosmtpd() {
    for python in /usr/bin/python3 python3; do
        "$python" -c "import aiosmtpd" 2>/dev/null && return 0
    done
    command -v apt-get >/dev/null || return 1
    echo "Installing aiosmtpd, which is missing."
    as_root apt-get update -qq
    install_debian python3-aiosmtpd
}

# axe-core finds barriers on pages. It is not ours to pass on (MPL-2.0), so it is
# fetched into target/ and not kept in the repository.
need_axe() {
    [ -e target/axe/package/axe.min.js ] && return 0
    need npm "npm, for axe-core" npm npm npm npm node || return 1
    echo "Fetching axe-core, which is missing."
    mkdir -p target/axe
    (cd target/axe && npm pack --silent axe-core@4.14.1 >/dev/null && tar xzf axe-core-4.14.1.tgz package/axe.min.js)
}

# A client of Statuspage that knows nothing of us posts to us. Only what it needs is
# fetched, into target/: its own list of packages is years old.
need_statuspage() {
    [ -e target/statuspage/atlassian_statuspage/__init__.py ] && return 0
    need pip3 "pip, for a client of Statuspage" python3-pip python3-pip python-pip py3-pip python || return 1
    echo "Fetching atlassian-statuspage, which is missing."
    pip3 install --quiet --disable-pip-version-check --target target/statuspage --no-deps \
        atlassian-statuspage==1.0.2 lambda-thread-pool==0.0.2 six==1.17.0 urllib3==1.26.20 \
        certifi python-dateutil
}

# The SDK of OpenTelemetry for Python, which pushes metrics as any service does. It is
# fetched into target/ and not kept in the repository.
need_otel() {
    [ -e target/otel/opentelemetry ] && return 0
    python3 -m pip --version >/dev/null 2>&1 || install_debian python3-pip || return 1
    echo "Fetching OpenTelemetry's SDK, which is missing."
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target target/otel \
        opentelemetry-sdk==1.34.1 opentelemetry-exporter-otlp-proto-http==1.34.1
}

# dddice-js is the SDK of the service that the reference service stands for. It is fetched
# into target/ and not kept in the repository.
need_dddice() {
    [ -e target/dddice/package/dddice-latest.node.mjs ] && return 0
    need node "Node.js, for dddice-js" nodejs nodejs nodejs nodejs node || return 1
    need npm "npm, for dddice-js" npm npm npm npm node || return 1
    echo "Fetching dddice-js, which is missing."
    mkdir -p target/dddice
    (cd target/dddice && npm pack --silent dddice-js@0.19.34-974 >/dev/null && tar xzf dddice-js-0.19.34-974.tgz)
}

# s3rver stands for an object store: it speaks S3 and keeps its objects in a folder. It is
# fetched into target/ and not kept in the repository.
need_s3rver() {
    [ -e target/s3rver/node_modules/s3rver/bin/s3rver.js ] && return 0
    need node "Node.js, for s3rver" nodejs nodejs nodejs nodejs node || return 1
    need npm "npm, for s3rver" npm npm npm npm node || return 1
    echo "Fetching s3rver, which is missing."
    mkdir -p target/s3rver
    (cd target/s3rver && npm init --yes >/dev/null && npm install --silent --no-audit --no-fund s3rver@3.7.1)
}

# Helm's own code as a library, and the schemas of Kubernetes. They are fetched into target/
# and not kept in the repository.
need_helm() {
    [ -e target/helm/helm_python ] && return 0
    python3 -m pip --version >/dev/null 2>&1 || install_debian python3-pip || return 1
    echo "Fetching Helm and the schemas of Kubernetes, which are missing."
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target target/helm \
        helm-python-sdk==0.2.2 kubernetes-validate==1.37.0
}
