#!/bin/sh
# Measures a deploy to many hosts from behind one slow line: pushed over SSH, and by way of a store that hosts reach over a
# line of their own. README.md beside it says what the numbers mean.
#
#   bench/store.sh [--runs N] [--hosts 20] [--bundle KB]
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

runs=3 count=20 bundle=4000
while [ $# -gt 0 ]; do
    case $1 in
    --runs) runs=$2 ;;
    --hosts) count=$2 ;;
    --bundle) bundle=$2 ;;
    *) sed -n '/^#   /s/^#  */Usage: /p' "$0" >&2 && exit 2 ;;
    esac
    shift 2
done

operator=decant-op$$
take_down() {
    if [ -n "${server:-}" ]; then kill "$server" 2>/dev/null || true; fi
    ip link delete "op$$" 2>/dev/null || true
    ip netns delete "$operator" 2>/dev/null || true
    if [ -n "${hosts:-}" ]; then decant lab down $hosts >/dev/null || true; fi
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools
need_build_tools
need perl:perl tc:iproute2

# ---- hosts, the operator's line, and the store

boot_hosts() {
    say "Booting $count lab hosts ..."
    hosts=$(seq -f "s$$-%02g" "$count")
    decant lab up --suite=bookworm --with=curl $hosts >"$work/up"
    ssh_config=$(sed -n 's/^ *config = "\(.*\)"$/\1/p' "$work/up")
    set -- $hosts
    net=$(ssh -F "$ssh_config" -G "$1" | sed -n 's/^hostname \(.*\)\.[0-9]*$/\1/p')
}

# A machine of its own at the hosts' network, by a cable with 20 Mbit/s each way.
make_operator() {
    ip netns add "$operator"
    ip link add "op$$" type veth peer name eth0 netns "$operator"
    ip link set "op$$" master decant-lab up
    ip -n "$operator" addr add "$net.254/24" dev eth0
    ip -n "$operator" link set eth0 up
    ip -n "$operator" link set lo up
    ip link set dev "op$$" gso_max_segs 1
    ip -n "$operator" link set dev eth0 gso_max_segs 1
    narrow="root tbf rate 20mbit burst 16kb limit 256kb"
    tc qdisc add dev "op$$" $narrow
    tc -n "$operator" qdisc add dev eth0 $narrow
}

start_store() {
    : >"$work/store"
    port=$((20000 + $$ % 20000))
    (cd "$top" && JAVA_HOME=$(find_jdk) mvn -B -q dependency:build-classpath -DincludeScope=test -Dmdep.outputFile="$work/classpath") >>"$work/log" 2>&1
    "$(find_jdk)/bin/java" -cp "$(cat "$work/classpath")" "$bench/Store.java" "$net.1" "$port" shop key secret >"$work/store" 2>>"$work/log" &
    server=$!
    until grep -q ready "$work/store"; do
        kill -0 "$server"
        sleep 0.2
    done
}

settings() { # store|push
    echo 'app = "counter"'
    for host in $hosts; do echo "hosts.$host = {}"; done
    printf 'ssh.config = "%s"\nrollout.batch = "100%%"\nservice.port = 4000\nhealth.path = "/health"\n' "$ssh_config"
    if [ "$1" = store ]; then
        printf 'store.url = "s3://shop/"\nstore.region = "us-east-1"\nstore.endpoint = "http://%s:%s"\n' "$net.1" "$port"
    fi
}

# Releases whose VM takes no time to start; each has another greeting, and every second kind another bundle.
build_releases() {
    cp -r "$top/samples/counter" "$repo"
    cp "$bench/fleet-stand-in.pl" "$repo/stand-in.pl"
    sed -i 's/steps: \[:assemble, :tar\]/steps: [:assemble, \&stand_in\/1, :tar]/' "$repo/mix.exs"
    sed -i 's/^  def application do/  defp stand_in(release) do\
    File.cp!("stand-in.pl", Path.join(release.path, "bin\/counter"))\
    release\
  end\
\
&/' "$repo/mix.exs"
    settings push >"$repo/decant.toml"
    git -C "$repo" init -q -b main
    git -C "$repo" config user.name bench
    git -C "$repo" config user.email bench@localhost
    for number in $(seq 0 $((4 * runs))); do
        say "Building release $number of $((4 * runs)) ..."
        sed -i "s/def text, do: .*/def text, do: \"Hello from release $number\"/" "$repo/lib/counter/greeting.ex"
        if [ $((number % 4)) -gt 1 ] || [ "$number" = 0 ]; then
            mkdir -p "$repo/priv/static"
            head -c "${bundle}000" /dev/urandom >"$repo/priv/static/bundle"
        fi
        git -C "$repo" add -A
        git -C "$repo" commit -q -m "Say hello from release $number"
        decant build -C "$repo" >"$work/built" 2>>"$work/log"
        tail -n 1 "$work/built" | cut -d' ' -f1 >>"$work/releases"
    done
}

# What has passed the operator's line: from it, to it.
line() { cat "/sys/class/net/op$$/statistics/rx_bytes" "/sys/class/net/op$$/statistics/tx_bytes"; }

at_operator() {
    ip netns exec "$operator" env AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret AWS_EC2_METADATA_DISABLED=true \
        "$top/bin/decant" "$@"
}

# Appends to $work/results: WHAT, HOW, seconds, bytes from the operator, to the operator, bytes of the release sent or uploaded.
measure() { # WHAT push|store NUMBER
    settings "$2" >"$repo/decant.toml"
    sleep 2
    # shellcheck disable=SC2046
    set -- "$@" $(line)
    began=$(date +%s.%N)
    at_operator deploy -C "$repo" --release="$(release "$3")" >"$work/deployed" 2>>"$work/log"
    took=$(echo "$(date +%s.%N) - $began" | bc)
    cat "$work/deployed" >>"$work/log"
    sleep 0.5
    # shellcheck disable=SC2046
    set -- "$@" $(line)
    printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$took" "$(($6 - $4))" "$(($7 - $5))" >>"$work/results"
    say "$1, $2: $took s, $(($6 - $4)) bytes from the operator, $(($7 - $5)) to it"
}

repo=$work/counter
need bc:bc
boot_hosts
make_operator
build_releases
start_store
say "Setting up ..."
{
    decant setup -C "$repo"
    settings store >"$repo/decant.toml"
    at_operator deploy -C "$repo" --release="$(release 0)"
} >>"$work/log" 2>&1
for round in $(seq "$runs"); do
    number=$((4 * (round - 1)))
    measure 'one module' push $((number + 1))
    # So that both begin with the same.
    measure 'a bundle' push $((number + 2))
    measure 'a bundle' store $((number + 3))
    measure 'one module' store $((number + 4))
done

print_circumstances "$runs" "$count hosts"
echo
"$bench/store-table.pl" "$work/results" "$count"
