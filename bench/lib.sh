# shellcheck shell=sh disable=SC2154
# Shared by the benchmarks beside it: a folder for the run, and its removal however the run ends. Sourced after
# bin/lib.sh, never run. A benchmark defines `take_down`, which removes what it has made elsewhere.
# Those that change the release of a running sample use the second half.

[ "$(id -u)" = 0 ] || { echo "Lab hosts need root." >&2 && exit 2; }

work=$(mktemp -d /tmp/decant-bench.XXXXXX)
# Nothing of a run stays: the releases it builds are kept in $work too.
export XDG_DATA_HOME="$work/data" COUNTER_SECRET=not-a-secret LC_ALL=C.UTF-8

decant() { "$top/bin/decant" "$@"; }
say() { printf '%s\n' "$*" >&2; }

clean_up() {
    status=$?
    trap - EXIT
    trap '' INT TERM
    take_down
    if [ "$status" != 0 ] && [ -f "$work/log" ]; then
        say "Ended with status $status. The last output:"
        tail -n 20 "$work/log" >&2
    fi
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# What has passed the cable of a host so far: to it, from it.
bytes() { cat "/sys/class/net/$cable/statistics/tx_bytes" "/sys/class/net/$cable/statistics/rx_bytes"; }
packets() { cat "/sys/class/net/$cable/statistics/tx_packets"; } # to the host

# ---- one host that serves the sample, and apps of other tools like it: $host, reached by $ssh_config

probed_host=
repo=$work/counter

at_host() { ssh -F "$ssh_config" "$host" "$@"; }

boot_probed_host() { # HOST PACKAGES [SUITE]
    host=$1
    say "Booting the lab host $host ..."
    probed_host=$host
    decant lab up --suite="${3:-bookworm}" --with="$2" "$host" >"$work/up"
    ssh_config=$(sed -n 's/^ *config = "\(.*\)"$/\1/p' "$work/up")
    # The lab names a host's end of the bridge, and its network namespace, by the last number of its address.
    cable=decant-lab-$(ssh -F "$ssh_config" -G "$host" | sed -n 's/^hostname .*\.//p')
    # The prober has a cable of its own, so that the other one carries what a command sends and nothing else.
    probe_address=169.254.77.2
    ip link add "probe$$" type veth peer name probe0 netns "$cable"
    ip addr add 169.254.77.1/30 dev "probe$$"
    ip link set "probe$$" up
    ip -n "$cable" addr add "$probe_address/30" dev probe0
    ip -n "$cable" link set probe0 up
}

take_down_host() {
    ip link delete "probe$$" 2>/dev/null || true
    if [ -n "$probed_host" ]; then decant lab down "$probed_host" >&2 || true; fi
}

# A benchmark may have its own, where not all releases are built with the same Erlang.
build_release() { decant build -C "$repo"; } # NUMBER

# Releases 0 to LAST, each with another greeting. Their names go to $work/releases.
build_greetings() { # LAST
    cp -r "$top/samples/counter" "$repo"
    cat >"$repo/decant.toml" <<END
app = "counter"
secrets = ["COUNTER_SECRET"]
hosts.$host = {}
ssh.config = "$ssh_config"
service.port = 4000
health.path = "/health"
END
    git -C "$repo" init -q -b main
    git -C "$repo" config user.name bench
    git -C "$repo" config user.email bench@localhost
    for number in $(seq 0 "$1"); do
        say "Building release $number of $1 ..."
        sed -i "s/def text, do: .*/def text, do: \"$(greeting "$number")\"/" "$repo/lib/counter/greeting.ex"
        git -C "$repo" add -A
        git -C "$repo" commit -q -m "Say hello from release $number"
        build_release "$number" >"$work/built" 2>>"$work/log"
        tail -n 1 "$work/built" | cut -d' ' -f1 >>"$work/releases"
        decant release export -C "$repo" "$(release "$number")" "$(archive "$number")" >>"$work/log"
    done
}

greeting() { printf 'Hello from release %s\n' "$1"; }
release() { sed -n "$(($1 + 1))p" "$work/releases"; }
archive() { printf '%s\n' "$work/$1.tar.gz"; }

# An app like the one that Decant has set up: the same unit, settings and secrets with other names, and its own port.
make_peer() { # NAME PORT
    at_host "set -eu
        useradd --system --user-group --no-create-home --home-dir /nonexistent $1
        mkdir -p /srv/$1/releases /srv/$1/etc /etc/$1
        cp -p /etc/counter/secrets /etc/counter/cookie /etc/$1/
        sed 's/^PORT=.*/PORT=$2/' /srv/counter/etc/environment >/srv/$1/etc/environment
        grep -q '^PORT=$2' /srv/$1/etc/environment
        chown root:$1 /srv/$1/etc/environment
        chmod 640 /srv/$1/etc/environment
        sed -e 's#/\(srv\|etc\|run\)/counter#/\1/$1#g' -e 's#^\(User\|Group\|SyslogIdentifier\)=counter#\1=$1#' \
            -e 's#^RuntimeDirectory=counter/#RuntimeDirectory=$1/#' -e 's# decant-counter-recover.service##' \
            -e 's#^Description=.*#Description=$1#' /etc/systemd/system/counter.service >/etc/systemd/system/$1.service
        systemctl daemon-reload
        systemctl -q enable $1.service"
}

make_ansible() {
    mkdir "$work/ansible"
    cat >"$work/ansible/ansible.cfg" <<END
[defaults]
inventory = $work/ansible/hosts
home = $work/ansible
local_tmp = $work/ansible/tmp
[ssh_connection]
pipelining = True
ssh_args = -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = $work/ansible/cp
END
    echo "$host ansible_python_interpreter=/usr/bin/python3 ansible_ssh_common_args='-F $ssh_config'" \
        >"$work/ansible/hosts"
}

# A connection that Ansible keeps must not serve its next run, minutes later in real life.
drop_kept_connections() {
    for socket in "$work"/ansible/cp/*; do
        if [ -S "$socket" ]; then ssh -F "$ssh_config" -o ControlPath="$socket" -O exit "$host" 2>/dev/null || true; fi
    done
}

# Appends to $work/results: PEER, the seconds that measure.pl prints, bytes to the host and from it, packets to the host.
measure_change() { # PEER PORT NUMBER ROUND COMMAND; NUMBER is of the release that answers afterwards
    sleep 1
    before=$(bytes) packets=$(packets)
    timed=$("$bench/measure.pl" "$probe_address" "$2" "$(greeting "$3")" "$work/log" "$5")
    # Until the goodbyes have passed the cable.
    sleep 0.2
    after=$(bytes) packets=$(($(packets) - packets))
    set -- "$1" "$4" $timed $before $after
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$3" "$4" "$5" "$(($8 - $6))" "$(($9 - $7))" "$packets" >>"$work/results"
    say "round $2, $1: returned after $3 s, release there after $4 s, $5 s without an answer, $(($8 - $6)) bytes sent"
}

# ---- load from this machine, over the prober's cable

# After all else that this machine does, as far as its scheduler lets it: it would be another machine's work.
# shellcheck disable=SC2016
aside() { setsid -w sh -c 'echo 19 >/proc/self/autogroup; exec nice -n 19 "$@"' sh "$@"; }

# Before all else that this machine does: what is late here is no fault of the host. Ends the
# shell that runs it, so that its number is that of the background job.
load() { exec chrt -f 5 "$(find_jdk)/bin/java" -XX:+UseSerialGC -Xmn1g -Xmx2g "$bench/Load.java" "$@"; }

print_circumstances() { # ROUNDS WHAT_ELSE
    echo "$(date -u +%Y-%m-%d), $1 rounds; $(nproc) cores, Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)." \
        "$(ssh -V 2>&1 | cut -d, -f1), $2," \
        "JDK $("$(find_jdk)/bin/java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')," \
        "$(decant --version | head -n 1), commit $(git -C "$top" rev-parse --short HEAD)."
}
