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

take_down() {
    drop_kept_connections
    take_down_host
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools
need_build_tools
need scp:openssh-client perl:perl ansible-playbook:ansible-core

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

measure() { # PEER PORT ROUND
    if [ "$1" = floor ]; then prepare_floor "$3"; fi
    drop_kept_connections
    measure_change "$1" "$2" "$3" "$3" "$(command_of "$1" "$3")"
}

# Python for Ansible, curl for whoever waits for health there.
boot_probed_host "bench$$" python3,curl
build_greetings "$runs"
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

print_circumstances "$runs" "$(ansible-playbook --version | sed -n '1s/.*\[\(.*\)\].*/ansible-\1/p')"
echo "Archive: $(wc -c <"$(archive "$runs")") bytes."
echo
# shellcheck disable=SC2016
"$bench/table.pl" "$work/results" new 'floor=`systemctl restart` alone' 'decant=`decant deploy`' \
    'scp=scp, tar, restart' ansible=Ansible
