#!/bin/sh
# Measures a deploy to many hosts at once: `decant deploy` beside Ansible, Capistrano and bare ssh on lab hosts, and
# `decant deploy` alone on hosts that are no more than folders. README.md beside it says what the numbers mean.
#
#   bench/fleet.sh [--runs N] [--sizes 1,10,50] [--simulated 500] [--at-once 10]
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

runs=3 sizes=1,10,50 simulated=500 at_once=10
while [ $# -gt 0 ]; do
    case $1 in
    --runs) runs=$2 ;;
    --sizes) sizes=$2 ;;
    --simulated) simulated=$2 ;;
    --at-once) at_once=$2 ;;
    *) sed -n '/^#   /s/^#  */Usage: /p' "$0" >&2 && exit 2 ;;
    esac
    shift 2
done
sizes=$(echo "$sizes" | tr , ' ')
most=$(printf '%s\n' $sizes | sort -n | tail -n 1)

take_down() {
    drop_connections
    if [ -n "${hosts:-}" ]; then decant lab down $hosts >/dev/null || true; fi
}

# A connection that Ansible keeps must not serve its next run.
drop_connections() {
    for socket in "$work"/ansible/cp/*; do
        if [ -S "$socket" ]; then ssh -F /dev/null -o ControlPath="$socket" -O exit host 2>/dev/null || true; fi
    done
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools
need_build_tools
need perl:perl ansible-playbook:ansible-core cap:capistrano
# Whose sshd is not to start.
(export RUNLEVEL=1 && need sshd:openssh-server)

first() { printf '%s\n' $hosts | head -n "$1"; } # COUNT

# ---- hosts, and releases whose VM takes no time to start

boot_hosts() {
    say "Booting $most lab hosts ..."
    hosts=$(seq -f "f$$-%03g" "$most")
    decant lab up --suite=bookworm --with=python3,curl $hosts >"$work/up"
    ssh_config=$(sed -n 's/^ *config = "\(.*\)"$/\1/p' "$work/up")
    for host in $hosts; do
        echo "decant-lab-$(ssh -F "$ssh_config" -G "$host" | sed -n 's/^hostname .*\.//p')"
    done >"$work/cables"
}

settings() {
    cat <<END
service.port = 4000
health.path = "/health"
END
}

build_releases() { # LAST
    cp -r "$top/samples/counter" "$repo"
    cp "$bench/fleet-stand-in.pl" "$repo/stand-in.pl"
    cp "$bench/fleet-stand-in.pl" "$work/stand-in.pl"
    sed -i 's/steps: \[:assemble, :tar\]/steps: [:assemble, \&stand_in\/1, :tar]/' "$repo/mix.exs"
    sed -i 's/^  def application do/  defp stand_in(release) do\
    File.cp!("stand-in.pl", Path.join(release.path, "bin\/counter"))\
    release\
  end\
\
&/' "$repo/mix.exs"
    {
        echo 'app = "counter"'
        for host in $hosts; do echo "hosts.$host = {}"; done
        printf 'ssh.config = "%s"\nrollout.batch = "100%%"\n' "$ssh_config"
        settings
    } >"$repo/decant.toml"
    git -C "$repo" init -q -b main
    git -C "$repo" config user.name bench
    git -C "$repo" config user.email bench@localhost
    for number in $(seq 0 "$1"); do
        say "Building release $number of $1 ..."
        sed -i "s/def text, do: .*/def text, do: \"Hello from release $number\"/" "$repo/lib/counter/greeting.ex"
        git -C "$repo" add -A
        git -C "$repo" commit -q -m "Say hello from release $number"
        decant build -C "$repo" >"$work/built" 2>>"$work/log"
        tail -n 1 "$work/built" | cut -d' ' -f1 >>"$work/releases"
        decant release export -C "$repo" "$(release "$number")" "$(archive "$number")" >>"$work/log"
    done
}

# Apps like Decant's own for the others: the same unit, user and settings with other names.
make_peers() {
    for host in $hosts; do
        (
            make_peer peer-floor 4100
            make_peer peer-ansible 4101
            make_peer peer-cap 4102
        ) &
    done
    wait
}

make_ansible_fleet() {
    host=all
    make_ansible
    sed -i 's/^\[defaults\]/&\nforks = 50/' "$work/ansible/ansible.cfg"
    for host in $hosts; do
        echo "$host ansible_python_interpreter=/usr/bin/python3 ansible_ssh_common_args='-F $ssh_config'"
    done >"$work/ansible/hosts"
}

make_capistrano() {
    mkdir -p "$work/cap/config/deploy"
    cp "$bench/peer-capistrano-deploy.rb" "$work/cap/config/deploy.rb"
    printf 'require "capistrano/%s"\n' setup deploy >"$work/cap/Capfile"
    for size in $sizes; do
        for host in $(first "$size"); do
            echo "server \"$host\", user: \"root\", roles: %w[app], ssh_options: { config: \"$ssh_config\" }"
        done >"$work/cap/config/deploy/fleet$size.rb"
    done
}

# ---- what is compared, each as one command

command_of() { # PEER SIZE NUMBER; prints it, for the shell
    case $1 in
    floor)
        first "$2" >"$work/floor.hosts"
        echo "xargs -a $work/floor.hosts -P 0 -I HOST ssh -F $ssh_config HOST" \
            "'systemctl restart peer-floor; until curl -fso /dev/null http://127.0.0.1:4100/health; do sleep 0.1; done'"
        ;;
    decant) echo "$top/bin/decant deploy -C $repo --release=$(release "$3") --hosts=$(first "$2" | paste -sd,)" ;;
    ansible)
        echo "ANSIBLE_CONFIG=$work/ansible/ansible.cfg ansible-playbook $bench/peer-ansible.yml" \
            "-l $(first "$2" | paste -sd,) -e app=peer-ansible -e app_port=4101 -e archive=$(archive "$3") -e number=$3"
        ;;
    cap) echo "cd $work/cap && APP=peer-cap PORT=4102 ARCHIVE=$(archive "$3") cap fleet$2 deploy" ;;
    esac
}

# The floor restarts what is there.
prepare_floor() {
    printf '%s\n' $hosts | xargs -P 10 -I HOST \
        "$bench/peer-scp.sh" --no-restart "$ssh_config" HOST peer-floor 4100 "$(archive 0)" 0
}

all_bytes() {
    while read -r cable; do
        for way in tx rx; do cat "/sys/class/net/$cable/statistics/${way}_bytes"; done
    done <"$work/cables" | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# Appends to $work/results: PEER, SIZE, seconds, the operator's seconds of processor, kB of ssh, kB of the rest, bytes.
measure() { # PEER SIZE NUMBER ROUND
    drop_connections
    sleep 2
    before=$(all_bytes)
    took=$("$bench/operator.pl" "$work/log" "$(command_of "$1" "$2" "$3")")
    sleep 0.5
    set -- "$1" "$2" "$4" $took "$(($(all_bytes) - before))"
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$4" "$5" "$6" "$7" "$8" >>"$work/results"
    say "round $3, $1 to $2: $4 s"
}

repo=$work/counter
boot_hosts
build_releases "$((runs * $(printf '%s\n' $sizes | wc -l)))"
say "Setting up ..."
{
    decant setup -C "$repo"
    sh -c "$(command_of decant "$most" 0)"
    make_peers
    make_ansible_fleet
    make_capistrano
    prepare_floor
    for peer in floor ansible cap; do sh -c "$(command_of $peer "$most" 0)"; done
} >>"$work/log" 2>&1
number=0
for round in $(seq "$runs"); do
    for size in $sizes; do
        number=$((number + 1))
        for peer in floor decant ansible cap; do measure $peer "$size" $number "$round"; done
    done
done

# ---- many more, in folders

deploy_simulated() { # COUNT; prints a line for each: PEER, as operator.pl, then bytes
    mkdir "$work/simulated"
    host=$(first 1)
    # A host that has what one of the first half of the releases has left, and none of the last.
    at_host "tar -c -C / srv/counter etc/counter etc/decant var/lib/decant usr/local/lib/decant \
        etc/systemd/system/counter.service etc/systemd/system/counter-eval@.service" >"$work/host.tar"
    cat >"$work/deploy-simulated" <<END
#!/bin/sh
set -eu
{
    echo 'app = "counter"'
    awk '{ printf "hosts.web%03d.address = \"%s\"\n", NR, \$1 }' $work/simulated/names
    printf 'ssh.config = "$work/simulated/ssh_config"\nssh.user = "root"\nrollout.batch = "$at_once"\n'
    cat $work/settings
} >$repo/decant.toml
bytes() { awk '\$1 == "lo:" { printf "%.0f\n", \$2 }' /proc/net/dev; }
measure() { # PEER COMMAND
    before=\$(bytes)
    took=\$($bench/operator.pl $work/log "\$2")
    echo "\$1 \$took \$((\$(bytes) - before))"
}
# As many connections as a deploy makes, and as many at once; nothing is asked.
sessions='xargs -a $work/simulated/names -P 48 -I HOST ssh -F $work/simulated/ssh_config -l root HOST </dev/null'
measure sessions "\$sessions && \$sessions"
measure decant '$top/bin/decant deploy -C $repo --release=$(release 0)'
END
    chmod +x "$work/deploy-simulated"
    settings >"$work/settings"
    unshare -nmpf --kill-child --mount-proc "$bench/simulated-hosts.sh" "$work" "$1" "$work/deploy-simulated"
}

if [ "$simulated" -gt 0 ]; then
    say "Deploying to $simulated hosts that are folders ..."
    deploy_simulated "$simulated" >"$work/took"
    while read -r peer took; do
        printf '%s\t%s simulated\t%s\n' "$peer" "$simulated" "$(echo "$took" | tr ' ' '\t')" >>"$work/results"
        say "$peer to $simulated, $at_once at once: ${took%% *} s"
    done <"$work/took"
fi

print_circumstances "$runs" "$(ansible-playbook --version | sed -n '1s/.*\[\(.*\)\].*/ansible-\1/p'), $(
    cap --version | sed -n 's/^\(Capistrano\) Version: \([^ ]*\).*/\1 \2/p')"
echo
"$bench/fleet-table.pl" "$work/results"
