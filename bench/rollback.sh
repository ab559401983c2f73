#!/bin/sh
# Measures going back to the release before: `decant rollback` against Capistrano's way and mix_deploy's, on one lab
# host in one run. README.md beside it says what the numbers mean.
#
#   bench/rollback.sh [--runs N]
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

runs=5
case "${1:-} ${2:-}" in
' ') ;;
'--runs '[1-9] | '--runs '[1-9][0-9]) runs=$2 ;;
*) echo "Usage: bench/rollback.sh [--runs N]" >&2 && exit 2 ;;
esac

take_down() { take_down_host; }

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools
need_build_tools
need scp:openssh-client perl:perl cap:capistrano

# Folders of releases have names as Capistrano gives them.
folder() { echo "2026010100000$1"; } # NUMBER

make_capistrano() {
    mkdir -p "$work/cap/config/deploy"
    cp "$bench/peer-capistrano.rb" "$work/cap/config/deploy.rb"
    printf 'require "capistrano/%s"\n' setup deploy >"$work/cap/Capfile"
    cat >"$work/cap/config/deploy/production.rb" <<END
server "$host", user: "root", roles: %w[app], ssh_options: { config: "$ssh_config" }
END
}

make_mix_deploy() {
    at_host "mkdir /srv/peer-mix/bin && cat >/srv/peer-mix/bin/deploy-rollback" <"$bench/peer-mix-rollback.sh"
    at_host "cd /srv/peer-mix/bin && printf '#!/bin/sh\nexec /bin/systemctl restart peer-mix\n' >deploy-restart &&
        chmod +x deploy-rollback deploy-restart"
}

# Both releases in an app of another tool, the second linked and running.
fill_peer() { # NAME PORT
    for number in 0 1; do
        "$bench/peer-scp.sh" --no-restart "$ssh_config" "$host" "$1" "$2" "$(archive "$number")" "$(folder "$number")"
    done
    # Capistrano goes by their time, and the archives have the same for both.
    at_host "touch -d yesterday /srv/$1/releases/$(folder 0); touch /srv/$1/releases/$(folder 1); systemctl restart $1"
}

link() { # NAME NUMBER
    at_host "ln -sfn /srv/$1/releases/$(folder "$2") /srv/$1/current"
}

port_of() {
    case $1 in
    decant) echo 4000 ;;
    floor) echo 4100 ;;
    cap) echo 4101 ;;
    cap-keep) echo 4102 ;;
    mix) echo 4103 ;;
    esac
}

command_of() { # PEER; prints it, for the shell
    cap="cd $work/cap && APP=peer-$1 cap production deploy:rollback"
    case $1 in
    ssh) echo "ssh -F $ssh_config $host true" ;;
    floor) echo "ssh -F $ssh_config $host systemctl restart peer-floor" ;;
    decant) echo "$top/bin/decant rollback -C $repo" ;;
    cap) echo "$cap" ;;
    cap-keep) echo "KEEP=yes && export KEEP && $cap" ;;
    mix) echo "ssh -F $ssh_config $host 'cd /srv/peer-mix && bin/deploy-rollback && sudo bin/deploy-restart'" ;;
    esac
}

# To the second release, whose deploy is the last that happened there.
forward() { # PEER
    case $1 in
    decant) decant deploy -C "$repo" "--release=$(release 1)" ;;
    cap)
        at_host "set -eu
            cd /srv/peer-cap
            tar -xzf rolled-back-release-$(folder 1).tar.gz -C /
            rm rolled-back-release-$(folder 1).tar.gz
            touch releases/$(folder 1)"
        ;;
    esac
    if [ "$1" != decant ]; then
        link "peer-$1" 1
        at_host systemctl restart "peer-$1"
    fi
    await "$1" 1
    # A VM that has just started still has work to do, and would do it in the time of whoever is next.
    sleep 2
}

await() { # PEER NUMBER
    at_host "for i in \$(seq 300); do
            [ \"\$(curl -fs http://127.0.0.1:$(port_of "$1")/greeting)\" != '$(greeting "$2")' ] || exit 0
            sleep 0.1
        done
        exit 1" || { say "$1 does not serve release $2." && exit 70; }
}

# What a connection costs: nothing changes, so nobody asks.
measure_ssh() {
    sleep 1
    before=$(bytes) packets=$(packets)
    began=$(date +%s%3N)
    sh -c "$(command_of ssh)" >>"$work/log" 2>&1
    ended=$(date +%s%3N)
    sleep 0.2
    after=$(bytes) packets=$(($(packets) - packets))
    set -- $before $after
    printf 'ssh\t%s\t-\t-\t%s\t%s\t%s\n' "$(awk "BEGIN { print ($ended - $began) / 1000 }")" "$(($3 - $1))" \
        "$(($4 - $2))" "$packets" >>"$work/results"
}

measure() { # PEER ROUND
    if [ "$1" = floor ]; then link peer-floor 0; fi
    measure_change "$1" "$(port_of "$1")" 0 "$2" "$(command_of "$1")"
    forward "$1" >>"$work/log" 2>&1
}

boot_probed_host "bench$$" curl
build_greetings 1
say "Setting up, and putting both releases into each of five apps ..."
{
    decant setup -C "$repo"
    for number in 0 1; do decant deploy -C "$repo" "--release=$(release "$number")"; done
    for peer in floor cap cap-keep mix; do
        make_peer "peer-$peer" "$(port_of "$peer")"
        fill_peer "peer-$peer" "$(port_of "$peer")"
        await "$peer" 1
    done
    make_capistrano
    make_mix_deploy
} >>"$work/log" 2>&1
peers='ssh floor decant cap cap-keep mix'
for round in $(seq 1 "$runs"); do
    for peer in $peers; do
        if [ "$peer" = ssh ]; then measure_ssh; else measure "$peer" "$round"; fi
    done
    # Each has its turn at coming first.
    peers="${peers#* } ${peers%% *}"
done

median() { sort -n | awk '{ of[NR] = $1 } END { printf "%.2f\n", (of[int((NR + 1) / 2)] + of[int(NR / 2) + 1]) / 2 }'; }
column() { awk -v peer="$1" -v column="$2" '$1 == peer { print $column }' "$work/results"; } # PEER COLUMN
# Of each round, how much longer Decant took until COLUMN than the restart alone until its release answered.
beyond() { # COLUMN
    column floor 3 >"$work/floor"
    column decant "$1" | paste "$work/floor" - | awk '{ print $2 - $1 }' | median
}
kb() { column "$1" 5 | awk '{ print $1 / 1000 }' | median; } # PEER
# What TCP carries: each packet has 66 bytes of Ethernet, IP and TCP before it.
carried() { awk -v peer="$1" '$1 == peer { print ($5 - 66 * $7) / 1000 }' "$work/results" | median; } # PEER

print_circumstances "$runs" "$(cap --version | sed -n 's/^\(Capistrano\) Version: \([^ ]*\).*/\1 \2/p')"
echo
# shellcheck disable=SC2016
"$bench/table.pl" "$work/results" old 'ssh=`ssh` and nothing else' 'floor=`systemctl restart` alone' \
    'decant=`decant rollback`' 'cap=Capistrano' 'cap-keep=Capistrano without its archive' 'mix=mix_deploy'
echo
echo "decant rollback: $(beyond 3) s beyond the restart alone (target < 1). It sends $(carried decant) kB to the host" \
    "(target < 5), SSH alone $(carried ssh); with the headers of all packets $(kb decant) and $(kb ssh). The command returns $(beyond 2) s after the restart alone has the old" \
    "version answering."
