#!/bin/sh
# Measures what deploys do to the clients of a busy app, from outside of its host: Decant's strategies, mix_deploy's way and
# Ansible's. README.md beside it says what the numbers mean.
#
#   bench/downtime.sh [--quick] [--deploys N] [--rollbacks N] [--others N] [--ways WAY,...] [--keep FOLDER]
#
# --others  how many deploys those ways get that are known to lose requests
# --ways    of slots, socket, nginx, restart, mix and ansible
# --keep    where what Load printed goes, and the host's journal
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

deploys=20 rollbacks=5 others=3 ways=slots,socket,nginx,restart,mix,ansible keep=
usage() {
    sed -n '5,9s/^# *//p' "$0" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    case $1 in
    --quick) deploys=2 rollbacks=1 others=1 && shift && continue ;;
    --deploys | --rollbacks | --others)
        case ${2:-} in
        [0-9] | [1-9][0-9]) ;;
        *) usage ;;
        esac
        ;;
    --ways | --keep) [ -n "${2:-}" ] || usage ;;
    *) usage ;;
    esac
    case $1 in
    --deploys) deploys=$2 ;;
    --rollbacks) rollbacks=$2 ;;
    --others) others=$2 ;;
    --ways) ways=$(echo "$2" | tr , ' ') ;;
    --keep) mkdir -p "$2" && keep=$(cd "$2" && pwd) ;;
    esac
    shift 2
done
ways=$(echo "$ways" | tr , ' ')
# A rollback goes to a release that served before.
[ "$rollbacks" -le "$deploys" ] || usage

loading=
take_down() {
    if [ -n "$loading" ]; then kill "$loading" 2>/dev/null || true; fi
    take_down_host
}

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools
need_build_tools
need scp:openssh-client perl:perl curl:curl chrt:util-linux setsid:util-linux ansible-playbook:ansible-core

# ---- releases: those with an odd number have the Erlang and Elixir of Debian 13, the others this machine's

prepare_other_erlang() {
    # A lab host's root is made once; the host itself is not needed.
    decant lab up --suite=trixie --with=elixir,erlang-dev "$host-erlang" >>"$work/log"
    decant lab down "$host-erlang" >>"$work/log"
    mkdir "$work/other"
    for program in elixir mix; do
        cat >"$work/other/$program" <<END
#!/bin/sh
export ROOT='${XDG_CACHE_HOME:-$HOME/.cache}/decant/lab/trixie+elixir+erlang-dev' WORK='$work'
exec '$bench/other-erlang.sh' /usr/bin/$program "\$@"
END
        chmod +x "$work/other/$program"
    done
}

build_release() { # NUMBER
    case $1 in
    *[13579]) XDG_CACHE_HOME=$work/cache PATH=$work/other:$PATH decant build -C "$repo" ;;
    *) decant build -C "$repo" ;;
    esac
}

erts_of() { tar -xzOf "$(archive "$1")" --wildcards '*releases/start_erl.data' | cut -d' ' -f1; } # NUMBER

# ---- marks of what happened when

mark() { echo "$1 $2 $(date +%s%3N)" >>"$work/marks"; } # NAME begin|end

# Whether the release answers: through the port that clients use.
await() { # NUMBER
    for _ in $(seq 600); do
        [ "$(curl -fs -m 1 "http://$probe_address:$port/greeting")" != "$(greeting "$1")" ] || return 0
        sleep 0.1
    done
    say "$way does not serve release $1."
    return 70
}

# From the command's start until it has returned and what it brought answers.
change() { # KIND ROUND NUMBER COMMAND...
    name=$1-$2 number=$3
    shift 3
    mark "$name" begin
    "$@" "$number" >>"$work/log" 2>&1
    took=$(($(date +%s%3N) - $(tail -n 1 "$work/marks" | cut -d' ' -f3)))
    await "$number"
    mark "$name" end
    printf '%s\t%s\t%s\n' "$way" "${name%-*}" "$took" >>"$work/seconds"
    say "$way, $name: $took ms"
    mark "drain-$name" begin
    "settle_$way"
    mark "drain-$name" end
    # Some of the time without any deploy, to compare with.
    sleep 4
}

# ---- the ways. Each has a port, how release 0 gets there, a deploy, what to wait for after it, and its end

write_config() { # STRATEGY DRAIN_TIMEOUT
    cat >"$repo/decant.toml" <<END
app = "counter"
keep_releases = 10
secrets = ["COUNTER_SECRET"]
hosts.$host = {}
ssh.config = "$ssh_config"
service.port = 4000
service.strategy = "$1"
service.drain_timeout = "$2"
public.ports = ["80:4000"]
health.path = "/health"
END
}

begin_decant() { # STRATEGY DRAIN_TIMEOUT
    port=80
    write_config "$1" "$2"
    decant setup -C "$repo"
    deploy_decant 0
}
deploy_decant() { aside "$top/bin/decant" deploy -C "$repo" "--release=$(release "$1")"; }
rollback_decant() { aside "$top/bin/decant" rollback -C "$repo"; }
end_decant() { at_host "systemctl stop counter.service 'counter@*' 2>/dev/null || true"; }

begin_slots() { begin_decant slots 40s; }
deploy_slots() { deploy_decant "$1"; }
# What has to drain ends before the next deploy, which would wait for it. Then the host's journal tells when it switched:
# at some time between the new one's listening and the word to the old one.
settle_slots() {
    at_host 'while systemctl is-active -q counter@1 && systemctl is-active -q counter@2 ||
        systemctl list-units --state=deactivating --no-legend "counter@*" | grep -q .; do sleep 0.5; done
        journalctl -b -u "counter@*" -o short-unix' |
        awk -v name="switch-$name" '
            / listening on port / { begin = $1 } / Stopping counter@/ { end = $1 }
            END { if (end) printf "%s begin %.0f\n%s end %.0f\n", name, begin * 1000, name, end * 1000 }' >>"$work/marks"
}
end_slots() { end_decant; }

# These are switched as slots are, and what they need of the host is there for as long.
begin_socket() { begin_decant socket 40s; }
deploy_socket() { deploy_decant "$1"; }
settle_socket() { settle_slots; }
end_socket() {
    end_decant
    at_host systemctl stop counter.socket
}

begin_nginx() {
    # What Debian has there is for a desk: 768 connections, and a site of its own for all names.
    at_host "rm -f /etc/nginx/sites-enabled/default && systemctl start nginx &&
        sed -i 's/worker_connections .*/worker_connections 8192;/; 1i worker_rlimit_nofile 20000;' /etc/nginx/nginx.conf"
    begin_decant nginx 40s
}
deploy_nginx() { deploy_decant "$1"; }
settle_nginx() { settle_slots; }
end_nginx() {
    end_decant
    at_host systemctl stop nginx
}

begin_restart() { begin_decant restart 10s; }
deploy_restart() { deploy_decant "$1"; }
settle_restart() { sleep 2; }
end_restart() { end_decant; }

# Their units and settings are those of `restart`.
begin_peer() { # NAME PORT
    begin_decant restart 10s
    end_decant
    make_peer "$1" "$2"
    port=$2
}

begin_mix() {
    begin_peer peer-mix 4101
    at_host "mkdir /srv/peer-mix/bin && cat >/srv/peer-mix/bin/deploy-release" <"$bench/peer-mix-deploy.sh"
    at_host "cd /srv/peer-mix/bin && printf '#!/bin/sh\nexec /bin/systemctl restart peer-mix\n' >deploy-restart &&
        chmod +x deploy-release deploy-restart"
    deploy_mix 0
}
deploy_mix() {
    aside scp -q -F "$ssh_config" "$(archive "$1")" "$host:/srv/peer-mix/incoming.tar.gz"
    aside ssh -F "$ssh_config" "$host" "cd /srv/peer-mix && bin/deploy-release incoming.tar.gz 2026010100000$1 && sudo bin/deploy-restart"
}
settle_mix() { sleep 2; }
end_mix() { at_host systemctl stop peer-mix; }

begin_ansible() {
    begin_peer peer-ansible 4102
    make_ansible
    deploy_ansible 0
}
deploy_ansible() {
    ANSIBLE_CONFIG=$work/ansible/ansible.cfg aside ansible-playbook "$bench/peer-ansible.yml" -e app=peer-ansible \
        -e "app_port=$port" -e "archive=$(archive "$1")" -e "number=$1"
}
settle_ansible() { sleep 2; }
end_ansible() {
    drop_kept_connections
    at_host systemctl stop peer-ansible
}

# ---- one way after the other

measure() { # WAY DEPLOYS ROLLBACKS
    way=$1
    say "$way: release 0 ..."
    "begin_$way" >>"$work/log" 2>&1
    await 0
    name=first
    "settle_$way"
    rm -f "$work/marks" "$work/ready" "$work/over"
    load --url "http://$probe_address:$port" --rate 3000 --keep-alive 200 --slow-2s 10 --slow-30s 10 --streams 50 \
        --warm-up 10 --ready "$work/ready" --until "$work/over" --marks "$work/marks" --json "$work/$way.json" \
        --timeline "$work/$way.timeline" >"$work/$way.txt" 2>&1 &
    loading=$!
    until [ -e "$work/ready" ]; do
        kill -0 "$loading" 2>/dev/null || { cat "$work/$way.txt" >&2 && return 70; }
        sleep 0.1
    done
    sleep 10
    for round in $(seq 1 "$2"); do change deploy "$round" "$round" "deploy_$way"; done
    for round in $(seq 1 "$3"); do change rollback "$round" $(($2 - round)) rollback_decant; done
    # What one program costs that only computes: no deploy can take less from the app than its host's scheduler does.
    if [ "$way" = slots ]; then
        for round in 1 2 3; do
            mark "busy-$round" begin
            at_host "timeout 3 sh -c 'while :; do :; done'" || true
            mark "busy-$round" end
            sleep 4
        done
    fi
    touch "$work/over"
    wait "$loading"
    loading=
    cp "$work/marks" "$work/$way.marks"
    if [ -n "$keep" ]; then
        at_host journalctl -b -o short-precise --no-hostname >"$work/$way.journal"
        cp "$work/$way."* "$work/log" "$keep"
    fi
    "end_$way" >>"$work/log" 2>&1
}

boot_probed_host "bench$$" python3,curl,nginx-light trixie
at_host systemctl disable --now nginx >>"$work/log" 2>&1
prepare_other_erlang
last=$deploys
if [ "$last" -lt "$others" ]; then last=$others; fi
build_greetings "$last"
for way in $ways; do
    case $way in
    slots) measure slots "$deploys" "$rollbacks" ;;
    socket | nginx) measure "$way" "$others" 1 ;;
    *) measure "$way" "$others" 0 ;;
    esac
done

print_circumstances "$deploys" "$(ansible-playbook --version | sed -n '1s/.*\[\(.*\)\].*/ansible-\1/p'), ERTS $(erts_of 0) and $(erts_of 1)"
echo
"$bench/downtime-table.pl" "$work" $ways
