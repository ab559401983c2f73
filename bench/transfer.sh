#!/bin/sh
# Measures what it takes to get a new release onto a host beside the old one, without starting it: bytes and seconds of
# `decant upload`, rsync, casync and scp, in one run on lab hosts. README.md beside it says what the numbers mean.
#
#   bench/transfer.sh [--slow] [--first] [--runs N] [--peers LIST] [--cases LIST]
#
# --slow    a line with 20 Mbit/s and 100 ms round trip, in place of the lab's own cable
# --first   what is measured goes before all else that the machine does (SCHED_FIFO, on both sides)
# --runs    rounds, 3 when left out
# --peers   of decant,least,rsync,rsync-checked,casync,scp; commas between
# --cases   of module,version,many,bundle,again,empty
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

usage() { sed -n 's/^# *//; 5,11p' "$0" >&2 && exit 2; }

runs=3 slow='' first='' peers=decant,least,rsync,rsync-checked,casync,scp cases=module,version,many,bundle,again,empty
while [ $# -gt 0 ]; do
    case "$1 ${2:-}" in
    --slow\ *) slow=50 && shift && continue ;;
    --first\ *) first='chrt -f 5' && shift && continue ;;
    '--runs '[1-9] | '--runs '[1-9][0-9]) runs=$2 ;;
    '--peers '?*) peers=$2 ;;
    '--cases '?*) cases=$2 ;;
    *) usage ;;
    esac
    shift 2
done
known() { # LIST KNOWN
    for word in $(echo "$1" | tr , ' '); do case ",$2," in *",$word,"*) ;; *) usage ;; esac done
}
known "$peers" decant,least,rsync,rsync-checked,casync,scp
known "$cases" module,version,many,bundle,again,empty
wanted() { case ",$1," in *",$2,"*) ;; *) return 1 ;; esac } # LIST WORD

# Peers use the one with zstd, Decant each: it takes zstd where the host has it, and gzip where not.
packed=pack$$ plain=plain$$
booted='' relays=''

take_down() {
    for relay in $relays; do kill "$relay" 2>/dev/null || true; done
    for host in $booted; do decant lab down "$host" >&2 || true; done
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"
ssh_config=$work/ssh_config

need_lab_tools
need_build_tools
need scp:openssh-client perl:perl tc:iproute2 rsync:rsync casync:casync zstd:zstd

# ---- hosts and the way to them

# Past the relay: what prepares a round is not measured.
on_host() { # HOST COMMAND…
    ssh -F "$work/lab_ssh_config" "$@"
}

address_of() { ssh -F "$work/lab_ssh_config" -G "$1" | sed -n 's/^hostname //p'; }

# The lab names a host's end of the bridge, and its network namespace, by the last number of its address.
cable_of() { echo "decant-lab-$(address_of "$1" | sed 's/.*\.//')"; }

boot_host() { # HOST PACKAGES
    say "Booting the lab host $1 ..."
    booted="$booted $1"
    decant lab up --with="$2" "$1" >"$work/up"
    cp "$(sed -n 's/^ *config = "\(.*\)"$/\1/p' "$work/up")" "$work/lab_ssh_config"
    cable=$(cable_of "$1")
    # Packets as on a wire, 1500 bytes and a header each: else the counters see pieces of 64 kB with one header.
    ip link set dev "$cable" gso_max_segs 1
    ip -n "$cable" link set dev eth0 gso_max_segs 1
    if [ -n "$slow" ]; then
        narrow="root tbf rate 20mbit burst 16kb limit 256kb"
        tc qdisc add dev "$cable" $narrow
        tc -n "$cable" qdisc add dev eth0 $narrow
    fi
    relay "$1"
    if [ -n "$first" ]; then
        for process in $(ip netns pids "$cable"); do
            if [ "$(cat "/proc/$process/comm")" = sshd ]; then chrt -f -p 5 "$process" >/dev/null; fi
        done
    fi
    on_host "$1" mkdir -p /srv/bench
}

# In front of a host's sshd: says when a connection began and ended, and makes the way long where it is to be.
relay() { # HOST
    $first "$bench/relay.pl" "$(address_of "$1")" 22 "${slow:-0}" "$work/relay.$1" 2>>"$work/log" &
    relays="$relays $!"
    until [ -f "$work/relay.$1" ]; do
        kill -0 "$!" || { say "The relay did not start." && exit 70; }
        sleep 0.1
    done
    cat >>"$ssh_config" <<END
Host $1
    HostName 127.0.0.1
    Port $(cat "$work/relay.$1")
    HostKeyAlias $(address_of "$1")
END
}

# ---- releases: `$work/name.NAME` has the id of each

project_of() { # APP PORT; its decant.toml knows either host as an environment
    cat >"$work/$1/decant.toml" <<END
app = "$1"
secrets = ["COUNTER_SECRET"]
ssh.config = "$ssh_config"
service.port = $2
[environments.plain]
hosts.$plain = {}
[environments.packed]
hosts.$packed = {}
END
    git -C "$work/$1" init -q -b main
    git -C "$work/$1" config user.name bench
    git -C "$work/$1" config user.email bench@localhost
}

build() { # APP NAME [OPTION]
    say "Building $2 ..."
    git -C "$work/$1" add -A
    git -C "$work/$1" commit -q --allow-empty -m "$2"
    # An id has the second in it.
    decant build -C "$work/$1" -e packed ${3:-} >"$work/built" 2>>"$work/log"
    tail -n 1 "$work/built" | cut -d' ' -f1 >"$work/name.$2"
    make_tree "$1" "$2"
}

id_of() { cat "$work/name.$1"; }

# The unpacked release NAME of APP, without what Decant adds to it: peers need not carry that.
tree_of() { echo "$work/trees/$1"; }
make_tree() { # APP NAME
    mkdir -p "$work/trees"
    cp -r "$XDG_DATA_HOME/decant/releases/$1/$(id_of "$2")/tree" "$(tree_of "$2")"
    chmod -R u+w "$(tree_of "$2")"
    # As an archive has it, for folders too.
    find "$(tree_of "$2")" -exec touch -h -d @0 {} +
    # Of what Decant writes into a release, for who verifies as it does.
    mkdir -p "$(tree_of "$2").sums/.decant"
    (cd "$(tree_of "$2")" && find . -type f -exec sha256sum {} +) >"$(tree_of "$2").sums/.decant/sums"
}

# The archive of release NAME, as mix would pack it.
tarball_of() { # NAME
    [ -f "$work/trees/$1.tar.gz" ] || tar -czf "$work/trees/$1.tar.gz" -C "$(tree_of "$1")" .
    echo "$work/trees/$1.tar.gz"
}

build_releases() {
    cp -r "$top/samples/counter" "$work/counter"
    project_of counter 4000
    build counter counter
    sed -i 's/def text, do: .*/def text, do: "Hello from another release"/' "$work/counter/lib/counter/greeting.ex"
    build counter module
    if wanted "$cases" again; then build counter again --rebuild; fi
    if wanted "$cases" version; then
        sed -i 's/@version "0.1.0"/@version "0.1.1"/' "$work/counter/mix.exs"
        build counter version
    fi
    if wanted "$cases" many || wanted "$cases" bundle; then
        "$bench/many-files.pl" "$work/many"
        project_of many 4100
        build many files
    fi
    if wanted "$cases" many; then
        "$bench/many-files.pl" "$work/many" module css
        build many many
    fi
    if wanted "$cases" bundle; then
        git -C "$work/many" checkout -q "$(git -C "$work/many" rev-list --max-parents=0 HEAD)" -- .
        "$bench/many-files.pl" "$work/many" bundle
        build many bundle
    fi
}

# APP, the release that a host has before, and the one that it is to get.
case_of() {
    case $1 in
    module) echo counter counter module ;;
    version) echo counter counter version ;;
    many) echo many files many ;;
    bundle) echo many files bundle ;;
    again) echo counter module again ;;
    empty) echo counter - counter ;;
    esac
}

title_of() {
    case $1 in
    module) echo 'One module changed' ;;
    version) echo 'One module and the version changed' ;;
    many) echo 'Many files; one module and one rule of a style sheet changed' ;;
    bundle) echo 'Many files; one line of a large script changed' ;;
    again) echo 'Nothing changed, another id' ;;
    empty) echo 'The first release on a host' ;;
    esac
}

# Digests, names and which may be run, of a folder's files.
listing='LC_ALL=C; export LC_ALL; find . -path ./.decant -prune -o -type f -exec sha256sum {} + | sort -k2
    find . -path ./.decant -prune -o -type f -perm -u+x -print | sort; find . -path ./.decant -prune -o -type l -print'

# The least that must be sent: contents that the new release has and the old one has not, each once, in one stream.
floor_of() { # OLD NEW
    : >"$work/had"
    if [ "$1" != - ]; then (cd "$(tree_of "$1")" && find . -type f -exec sha256sum {} +) | cut -d' ' -f1 >"$work/had"; fi
    (cd "$(tree_of "$2")" && find . -type f -exec sha256sum {} + | LC_ALL=C sort -k2 |
        awk -v had="$work/had" 'BEGIN { while ((getline digest < had) > 0) seen[digest] }
            !($1 in seen) { seen[$1]; printf "%s%c", substr($0, 67), 0 }' >"$work/new"
        xargs -0 -r cat <"$work/new" >"$work/contents")
    if [ -s "$work/contents" ]; then zstd -qq -19 -c "$work/contents" | wc -c; else echo 0; fi
}

# ---- the peers, each as one command

host_of() { if [ "$1" = decant-gzip ]; then echo "$plain"; else echo "$packed"; fi; }

command_of() { # PEER APP OLD NEW; prints it, for the shell. OLD is - where there is none.
    folder=/srv/bench/$1/$2
    case $1 in
    ssh) echo "ssh -F $ssh_config $packed true" ;;
    decant-gzip) echo "$top/bin/decant upload -C $work/$2 -e plain --release=$(id_of "$4")" ;;
    decant-zstd) echo "$top/bin/decant upload -C $work/$2 -e packed --release=$(id_of "$4")" ;;
    least) echo "$bench/send-least.sh $ssh_config $packed $folder $(tree_of "$4") $4 ${3#-}" ;;
    rsync) echo "$bench/send-rsync.sh $ssh_config $packed $folder $(tree_of "$4") $4 ${3#-}" ;;
    rsync-checked) echo "$bench/send-rsync.sh --checked $ssh_config $packed $folder $(tree_of "$4") $4 ${3#-}" ;;
    casync) echo "$bench/send-casync.sh $ssh_config $packed $folder $(tree_of "$4") $4 $work/casync/$2" ;;
    scp) echo "$bench/send-scp.sh $ssh_config $packed $folder $(tarball_of "$4") $4" ;;
    esac
}

# Only OLD is there, and nothing that an attempt before may have left. Decant's folders are those of its setup.
prepare() { # PEER APP OLD
    case $1 in
    ssh) ;;
    decant-*)
        old=none
        if [ "$3" != - ]; then old=$(id_of "$3"); fi
        on_host "$(host_of "$1")" "cd /srv/$2
            find releases incoming -mindepth 1 -maxdepth 1 ! -name $old ! -name 'lock*' -exec rm -rf {} +
            if [ $old != none ] && [ ! -d releases/$old ]; then exit 1; fi" || upload_old "$1" "$2" "$3"
        ;;
    *)
        prepare_peer "$1" "$2" "$3"
        ;;
    esac
    on_host "$(host_of "$1")" sync -f /srv
}

upload_old() { # PEER APP OLD
    sh -c "$(command_of "$1" "$2" - "$3")" >>"$work/log" 2>&1
}

# What a host and this side have with OLD is kept beside, once it has been made, and copied for each round.
prepare_peer() { # PEER APP OLD
    mkdir -p "$work/$1/$2"
    if [ ! -f "$work/$1/$2.with$3" ]; then
        on_host "$packed" "cd /srv/bench && rm -rf $1/$2 && mkdir -p $1/$2"
        rm -rf "${work:?}/$1/$2"
        mkdir "$work/$1/$2"
        if [ "$3" != - ]; then upload_old "$1" "$2" "$3"; fi
        on_host "$packed" "cd /srv/bench/$1 && mv $2 $2.with$3"
        mv "$work/$1/$2" "$work/$1/$2.with$3.folder"
        touch "$work/$1/$2.with$3"
    fi
    on_host "$packed" "cd /srv/bench/$1 && rm -rf $2 && cp -al $2.with$3 $2"
    rm -rf "${work:?}/$1/$2"
    cp -a "$work/$1/$2.with$3.folder" "$work/$1/$2"
}

place_of() { # PEER APP NEW
    case $1 in
    decant-*) echo "/srv/$2/releases/$(id_of "$3")" ;;
    *) echo "/srv/bench/$1/$2/$3" ;;
    esac
}

check() { # PEER APP NEW. Whoever is fast has to have brought it all.
    (cd "$(tree_of "$3")" && sh -c "$listing") >"$work/wanted"
    on_host "$(host_of "$1")" "cd $(place_of "$1" "$2" "$3") && { $listing; }" >"$work/came"
    cmp "$work/wanted" "$work/came" >&2 || { say "$1 did not bring $3 as it is." && exit 70; }
}

measure() { # CASE ROUND PEER APP OLD NEW
    prepare "$3" "$4" "$5"
    cable=$(cable_of "$(host_of "$3")")
    command=$(command_of "$3" "$4" "$5" "$6")
    sleep 0.5
    before=$(bytes)
    times=$work/relay.$(host_of "$3").times
    : >"$times"
    began=$(date +%s%3N)
    $first sh -c "$command" >>"$work/log" 2>&1
    ended=$(date +%s%3N)
    # Until the goodbyes have passed the cable.
    sleep 0.5
    after=$(bytes)
    if [ "$3" != ssh ]; then check "$3" "$4" "$6"; fi
    step=$(awk 'NR == 1 || $1 < began { began = $1 } $2 > ended { ended = $2 }
        END { printf "%.0f", 1000 * (ended - began) }' "$times")
    set -- "$1" "$2" "$3" $before $after
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$(($6 - $4))" "$(($7 - $5))" "$step" "$((ended - began))" \
        >>"$work/results"
    say "$1, round $2, $3: $(($6 - $4)) bytes to the host, $(($7 - $5)) from it, $step ms, $((ended - began)) in all"
}

# ---- the run

if wanted "$peers" decant && ! decant upload --help >/dev/null 2>&1; then
    say "This Decant has no upload; --peers rsync,casync,scp leaves it out." && exit 2
fi
boot_host "$packed" rsync,casync,zstd
if wanted "$peers" decant; then boot_host "$plain" rsync,casync; fi
cat "$work/lab_ssh_config" >>"$ssh_config"
build_releases

rows=ssh
if wanted "$peers" decant; then
    rows="$rows decant-gzip decant-zstd"
    for app in counter many; do
        [ -d "$work/$app" ] || continue
        for environment in plain packed; do
            decant setup -C "$work/$app" -e "$environment" >>"$work/log" 2>&1
        done
    done
    if on_host "$plain" 'command -v zstd' >/dev/null; then say "The plain host has zstd." && exit 70; fi
fi
for peer in least rsync rsync-checked casync scp; do
    if wanted "$peers" "$peer"; then rows="$rows $peer"; fi
done

for case in $(echo "$cases" | tr , ' '); do
    three=$(case_of "$case")
    set -- $three
    tree=$(tree_of "$3")
    printf '%s\t%s\t%s\t%s\t%s\n' "$case" "$(title_of "$case")" "$(floor_of "$2" "$3")" \
        "$(find "$tree" -type f | wc -l)" "$(find "$tree" -type f -printf '%s\n' | awk '{ s += $1 } END { print s }')" \
        >>"$work/cases"
    for round in $(seq 1 "$runs"); do
        for peer in $rows; do
            measure "$case" "$round" "$peer" "$1" "$2" "$3"
        done
    done
done

line="The lab's own cable"
if [ -n "$slow" ]; then line="20 Mbit/s, 100 ms round trip"; fi
echo "$(date -u +%Y-%m-%d), $runs rounds. $line; $(nproc) cores, Linux $(uname -r)," \
    "load $(cut -d' ' -f1-3 /proc/loadavg). $(ssh -V 2>&1 | cut -d, -f1)," \
    "rsync $(rsync --version | sed -n '1s/^rsync *version \([^ ]*\).*/\1/p') here and" \
    "$(on_host "$packed" rsync --version | sed -n '1s/^rsync *version \([^ ]*\).*/\1/p') there," \
    "$(casync --version), $(zstd --version | sed 's/.*v\([0-9.]*\).*/zstd \1/')," \
    "JDK $("$(find_jdk)/bin/java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')," \
    "$(decant --version | head -n 1), commit $(git -C "$top" rev-parse --short HEAD)."
"$bench/transfer-table.pl" "$work/cases" "$work/results"
