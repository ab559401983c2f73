#!/bin/sh
# Measures `decant deploy` of a change to one module against scp + tar + systemctl restart and against Ansible, on one
# lab host in one run. README.md beside it says what the numbers mean.
#
#   bench/deploy-one-module.sh [--runs N]
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

runs=5
case "${1:-} ${2:-}" in
' ') ;;
'--runs '[1-9] | '--runs '[1-9][0-9]) runs=$2 ;;
*) echo "Usage: bench/deploy-one-module.sh [--runs N]" >&2 && exit 2 ;;
esac
host=bench$$
booted=

take_down() {
    ip link delete "probe$$" 2>/dev/null || true
    drop_kept_connections
    if [ -n "$booted" ]; then decant lab down "$host" >&2 || true; fi
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"
repo=$work/counter

need_lab_tools
need_build_tools
need scp:openssh-client perl:perl ansible-playbook:ansible-core

on_host() { ssh -F "$ssh_config" "$host" "$@"; }

boot_host() {
    say "Booting the lab host $host ..."
    booted=yes
    # Python for Ansible, curl for whoever waits for health there.
    decant lab up --with=python3,curl "$host" >"$work/up"
    ssh_config=$(sed -n 's/^ *config = "\(.*\)"$/\1/p' "$work/up")
    # The lab names a host's end of the bridge, and its network namespace, by the last number of its address.
    cable=decant-lab-$(ssh -F "$ssh_config" -G "$host" | sed -n 's/^hostname .*\.//p')
    # The prober has a cable of its own, so that the other one carries what a deploy sends and nothing else.
    probe_address=169.254.77.2
    ip link add "probe$$" type veth peer name probe0 netns "$cable"
    ip addr add 169.254.77.1/30 dev "probe$$"
    ip link set "probe$$" up
    ip -n "$cable" addr add "$probe_address/30" dev probe0
    ip -n "$cable" link set probe0 up
}

# A release for each round and one to begin with, each with another greeting. Their names go to $work/releases.
build_releases() {
    cp -r "$top/samples/counter" "$repo"
    cat >"$repo/decant.toml" <<END
app = "counter"
secrets = ["COUNTER_SECRET"]
hosts.$host = {}
ssh.config = "$ssh_config"
service.port = 4000
health.path = "/health"
END
    cd "$repo"
    git init -q -b main
    git config user.name bench && git config user.email bench@localhost
    for round in $(seq 0 "$runs"); do
        say "Building release $round of $runs ..."
        sed -i "s/def text, do: .*/def text, do: \"Hello from release $round\"/" lib/counter/greeting.ex
        git add -A && git commit -q -m "Say hello from release $round"
        decant build >"$work/built" 2>>"$work/log"
        tail -n 1 "$work/built" | cut -d' ' -f1 >>"$work/releases"
        decant release export "$(release "$round")" "$(archive "$round")" >>"$work/log"
    done
}

release() { sed -n "$(($1 + 1))p" "$work/releases"; }
archive() { printf '%s\n' "$work/$1.tar.gz"; }

# An app like the one that Decant has set up: the same unit, settings and secrets with other names, and its own port.
make_peer() { # NAME PORT
    on_host "set -eu
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

# ---- the four, each as one command; ROUND says which release

prepare_floor() { # ROUND. The floor is a restart and no more: the release is there and linked before.
    "$bench/peer-scp.sh" --no-restart "$ssh_config" "$host" peer-floor 4100 "$(archive "$1")" "$1"
}

command_of() { # PEER ROUND; prints it, for the shell
    case $1 in
    floor) echo "ssh -F $ssh_config $host systemctl restart peer-floor" ;;
    decant) echo "$top/bin/decant deploy -C $repo --release=$(release "$2")" ;;
    scp) echo "$bench/peer-scp.sh $ssh_config $host peer-scp 4101 $(archive "$2") $2" ;;
    ansible)
        echo "ANSIBLE_CONFIG=$work/ansible/ansible.cfg ansible-playbook $bench/peer-ansible.yml" \
            "-e app=peer-ansible -e app_port=4102 -e archive=$(archive "$2") -e number=$2"
        ;;
    esac
}

# A connection that Ansible keeps must not serve its next run, minutes later in real life.
drop_kept_connections() {
    for socket in "$work"/ansible/cp/*; do
        if [ -S "$socket" ]; then ssh -F "$ssh_config" -o ControlPath="$socket" -O exit "$host" 2>/dev/null || true; fi
    done
}

bytes() { cat "/sys/class/net/$cable/statistics/tx_bytes" "/sys/class/net/$cable/statistics/rx_bytes"; }

measure() { # PEER PORT ROUND
    if [ "$1" = floor ]; then prepare_floor "$3"; fi
    drop_kept_connections
    sleep 1
    before=$(bytes)
    timed=$("$bench/measure.pl" "$probe_address" "$2" "Hello from release $3" "$work/log" "$(command_of "$1" "$3")")
    after=$(bytes)
    set -- "$1" "$3" $timed $before $after
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$3" "$4" "$5" "$(($8 - $6))" "$(($9 - $7))" >>"$work/results"
    say "round $2, $1: returned after $3 s, new version after $4 s, $5 s without an answer, $(($8 - $6)) bytes sent"
}

boot_host
build_releases
say "Setting up, and deploying release 0 four times ..."
{
    decant setup -C "$repo"
    sh -c "$(command_of decant 0)"
    make_peer peer-floor 4100 && make_peer peer-scp 4101 && make_peer peer-ansible 4102
    make_ansible
    prepare_floor 0 && sh -c "$(command_of floor 0)"
    sh -c "$(command_of scp 0)"
    sh -c "$(command_of ansible 0)"
} >>"$work/log" 2>&1
for round in $(seq 1 "$runs"); do
    measure floor 4100 "$round"
    measure decant 4000 "$round"
    measure scp 4101 "$round"
    measure ansible 4102 "$round"
done

echo "$(date -u +%Y-%m-%d), $runs rounds; $(nproc) cores, Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)." \
    "$(ssh -V 2>&1 | cut -d, -f1), $(ansible-playbook --version | sed -n '1s/.*\[\(.*\)\].*/ansible-\1/p')," \
    "JDK $("$(find_jdk)/bin/java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')," \
    "$(decant --version | head -n 1), commit $(git -C "$top" rev-parse --short HEAD)." \
    "Archive: $(wc -c <"$(archive "$runs")") bytes."
echo
"$bench/table.pl" "$work/results"
