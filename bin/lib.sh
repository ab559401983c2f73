# shellcheck shell=sh
# Shared by the scripts beside it: finds or installs what they need. Sourced, never run.

# Prints the folder of a JDK 25, or says where to get one. Reads what JDKs say of themselves: asking one takes its start.
find_jdk() {
    for home in "${JAVA_HOME:-}" "${JDK_25:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25* \
        "$HOME"/.asdf/installs/java/*25* "$HOME"/.local/share/mise/installs/java/25*; do
        if [ ! -x "$home/bin/javac" ] || [ ! -r "$home/release" ]; then continue; fi
        while IFS= read -r line; do
            case $line in
            'JAVA_VERSION="25'[.\"]*)
                printf '%s\n' "$home"
                return 0
                ;;
            esac
        done <"$home/release"
    done
    echo "Decant needs a JDK 25, and there is none on this machine." >&2
    echo "  Debian 13:   apt-get install openjdk-25-jdk-headless" >&2
    echo "  elsewhere:   https://adoptium.net, then  export JAVA_HOME=/where/it/is" >&2
    return 1
}

# need COMMAND:PACKAGE… installs the Debian packages of commands that are missing, or names them.
need() {
    missing=
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
    done
    install_packages "$missing"
}

# need_file PATTERN:PACKAGE… the same by a file.
need_file() {
    missing=
    for pair in "$@"; do
        ls -d ${pair%%:*} >/dev/null 2>&1 || missing="$missing ${pair#*:}"
    done
    install_packages "$missing"
}

install_packages() {
    packages=$(printf '%s\n' $1 | sort -u | tr '\n' ' ')
    [ -n "${packages# }" ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing $packages" >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >&2
        # shellcheck disable=SC2086
        apt-get install -y -qq --no-install-recommends $packages >/dev/null
    else
        echo "Missing on this machine:  apt-get install $packages" >&2
        return 1
    fi
}

need_build_tools() {
    need mvn:maven git:git
    find_jdk >/dev/null
}

# What bin/package needs besides.
need_package_tools() {
    need asciidoctor:asciidoctor jq:jq dpkg-deb:dpkg xz:xz-utils
}

# What releases and a lab host need.
need_lab_tools() {
    need elixir:elixir mix:elixir rebar3:rebar3 debootstrap:debootstrap systemd-nspawn:systemd-container ip:iproute2 \
        ssh:openssh-client ssh-keygen:openssh-client
    # The sample's driver for PostgreSQL.
    need_file '/usr/lib/erlang/lib/p1_pgsql-*:erlang-p1-pgsql'
}
