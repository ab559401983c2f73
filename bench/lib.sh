# shellcheck shell=sh
# Shared by the benchmarks beside it: a folder for the run, and its removal however the run ends. Sourced after bin/lib.sh,
# never run. A benchmark defines `take_down`, which removes what it has made elsewhere.

[ "$(id -u)" = 0 ] || { echo "Lab hosts need root." >&2 && exit 2; }

work=$(mktemp -d /tmp/decant-bench.XXXXXX)
# Nothing of a run stays: the releases it builds are kept in $work too.
export XDG_DATA_HOME="$work/data" COUNTER_SECRET=not-a-secret LC_ALL=C.UTF-8

# shellcheck disable=SC2154
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
