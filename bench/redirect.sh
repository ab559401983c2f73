#!/bin/sh
# Measures what the redirect of a public port costs, and what one core and 1 GB of memory serve through it. README.md
# beside it says what the numbers mean.
#
#   bench/redirect.sh [--runs N] [--seconds N]
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

runs=5 seconds=8
while [ $# -gt 0 ]; do
    case $1 in
    --runs | --seconds) ;;
    *) echo "Usage: bench/redirect.sh [--runs N] [--seconds N]" >&2 && exit 2 ;;
    esac
    case ${2:-} in
    [1-9] | [1-9][0-9]) ;;
    *) echo "$1 wants a number from 1 to 99." >&2 && exit 2 ;;
    esac
    case $1 in
    --runs) runs=$2 ;;
    --seconds) seconds=$2 ;;
    esac
    shift 2
done

groups=
take_down() {
    take_down_host
    # The kernel may need a moment to let go of those that were killed.
    for group in $groups; do rmdir "$group" || { sleep 1 && rmdir "$group"; } || true; done
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools
need_build_tools
need perl:perl wrk:wrk chrt:util-linux

# ---- what a redirect costs

rules=$work/rules
# `bare` is the app's own port where the host has no rules at all: then its kernel tracks no connections either. What does
# not go through the redirect has addresses of its own: a connection that is tracked must not be like one that was.
lead() { # PATH; sets the address and the port
    case $1 in
    bare) address=$other_address port=4000 && at_host nft delete table inet decant_counter ;;
    direct) address=$other_address port=4000 ;;
    redirect) address=$probe_address port=80 ;;
    esac
}
unlead() { if [ "$1" = bare ]; then at_host nft -f - <"$rules"; fi; } # PATH

# Appends to $work/results: TEST PATH, requests a second, p50 and p99 in ms.
ask() { # TEST PATH HEADER...
    test=$1 path=$2
    shift 2
    lead "$path"
    wrk -t 1 -c 50 -d "$seconds" --latency "$@" "http://$address:$port/greeting" >"$work/wrk"
    unlead "$path"
    if grep -q 'Socket errors\|Non-2xx' "$work/wrk"; then grep 'Socket errors\|Non-2xx' "$work/wrk" >&2; fi
    awk -v test="$test" -v path="$path" '
        function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
        $1 == "50%" { half = ms($2) } $1 == "99%" { most = ms($2) } $1 == "Requests/sec:" { rate = $2 }
        END { printf "%s\t%s\t%s\t%s\t%s\n", test, path, rate, half, most }' "$work/wrk" | tee -a "$work/results" >&2
}

# The same where there is time for all that is asked: beyond that, p99 is how long a request stands in a queue.
ask_steadily() { # PATH
    lead "$1"
    (load --url "http://$address:$port" --rate 3000 --keep-alive 200 --warm-up 2 --seconds "$seconds" --json "$work/steady") \
        >>"$work/log"
    unlead "$1"
    ROAD=$1 perl -0 -ne '
        my ($seconds) = /"seconds": ([\d.]+)/;
        for my $class (qw(keep_alive new)) {
            my ($requests, $half, $most) = /"$class": \{"requests": (\d+).*?"p50_ms": ([\d.]+), "p99_ms": ([\d.]+)/;
            printf "steady_%s\t%s\t%.2f\t%s\t%s\n", $class, $ENV{ROAD}, $requests / $seconds, $half, $most;
        }' "$work/steady" | tee -a "$work/results" >&2
}

# ---- one core and 1 GB

# All that runs on the host now and that these start: version 1 of control groups, from outside. A VM that starts
# afterwards counts one core.
confine_host() {
    for controller in cpuset memory; do
        group=/sys/fs/cgroup/$controller/decant-bench-$$
        [ -d "${group%/*}" ] || { say "This machine has no $group: without one core and 1 GB." && return 1; }
        mkdir "$group"
        groups="$groups $group"
    done
    cpuset=/sys/fs/cgroup/cpuset/decant-bench-$$ memory=/sys/fs/cgroup/memory/decant-bench-$$
    echo 1 >"$cpuset/cpuset.cpus"
    echo 0 >"$cpuset/cpuset.mems"
    echo 1G >"$memory/memory.limit_in_bytes"
    # Twice, for those that were started meanwhile.
    for _ in 1 2; do
        for process in $(ip netns pids "$cable"); do
            for group in $groups; do echo "$process" >"$group/cgroup.procs" 2>/dev/null || true; done
        done
    done
}

boot_probed_host "bench$$" curl trixie
other_address=169.254.78.2
ip addr add 169.254.78.1/30 dev "probe$$"
ip -n "$cable" addr add "$other_address/30" dev probe0
build_greetings 0
{
    sed -i '/^service.port/a service.strategy = "slots"\npublic.ports = ["80:4000"]' "$repo/decant.toml"
    decant setup -C "$repo"
    decant deploy -C "$repo" "--release=$(release 0)"
} >>"$work/log" 2>&1
at_host nft list table inet decant_counter >"$rules"

paths='bare direct redirect'
for round in $(seq 1 "$runs"); do
    say "round $round of $runs"
    for path in $paths; do
        ask kept "$path"
        ask new "$path" -H 'connection: close'
        ask_steadily "$path"
    done
    # Each has its turn at coming first.
    paths="${paths#* } ${paths%% *}"
done

print_circumstances "$runs" "$(wrk -v 2>&1 | sed -n '1s/.*wrk \([^ ]*\).*/wrk \1/p')"
echo
"$bench/redirect-table.pl" "$work/results"

if confine_host; then
    at_host systemctl restart counter@1
    sleep 3
    schedulers=$(at_host nproc)
    say "One core, 1 GB, 60 s ..."
    echo
    echo "One core ($schedulers seen on the host) and 1 GB for the whole host, 3,000 new connections a second through the redirect:"
    echo
    (
        taskset -cp 0 "$(exec sh -c 'echo $PPID')" >/dev/null
        load --url "http://$probe_address:80" --rate 3000 --warm-up 10 --seconds 60
    )
    echo
    echo "Memory at most: $(($(cat "$memory/memory.max_usage_in_bytes") / 1000000)) MB, times at the limit: $(cat "$memory/memory.failcnt")."
fi
