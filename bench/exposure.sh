#!/bin/sh
# Asks the systemd of real hosts how much of the machine a unit can reach: Decant's at each level, mix_systemd's as it is
# made by default and with its `paranoia: true`, and the least that starts the app at all. README.md beside it says what
# the numbers mean.
#
#   bench/exposure.sh
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

[ $# = 0 ] || { echo "Usage: bench/exposure.sh" >&2 && exit 2; }

suites="bookworm trixie"
take_down() { for suite in $suites; do decant lab down "exposed-$suite" >&2 || true; done; }

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_lab_tools

# What mix_systemd 0.8.2 puts into [Service] for an app called shop on a systemd after 235, in words of our own: its
# options' defaults, and what `paranoia: true` adds (its README lists it).
mix_systemd() { # default|paranoia
    printf '[Service]\nType=simple\nUser=shop\nGroup=shop\nWorkingDirectory=/srv/shop\n'
    printf 'ExecStart=/srv/shop/current/bin/shop start\nExecStop=/srv/shop/current/bin/shop stop\n'
    printf 'LimitNOFILE=65535\nUMask=0027\nSyslogIdentifier=shop\nRestart=always\nRestartSec=1\n'
    printf 'RuntimeDirectory=shop\nRuntimeDirectoryMode=750\nConfigurationDirectory=shop\n'
    [ "$1" = paranoia ] || return 0
    printf '%s=yes\n' NoNewPrivileges PrivateDevices PrivateTmp ProtectHome PrivateUsers ProtectKernelModules \
        ProtectKernelTunables ProtectControlGroups MountAPIVFS
    printf 'ProtectSystem=full\n'
}

floor() { printf '[Service]\nUser=shop\nExecStart=/srv/shop/current/bin/shop start\n'; }

decant_unit() { # SUITE LEVEL
    cat >"$work/decant.toml" <<END
app = "shop"
hosts.exposed-$1 = {}
ssh.config = "$work/ssh-$1"
hardening.level = "$2"
END
    decant setup -C "$work" >>"$work/log" 2>&1
}

score() { # SUITE
    # systemd-analyze wants the name of a unit, and that it is called as its file.
    ssh -F "$work/ssh-$1" "exposed-$1" 'mkdir -p /tmp/exposed && cat >/tmp/exposed/shop.service &&
        systemd-analyze security --no-pager --offline=true /tmp/exposed/shop.service' |
        sed -n 's/.*exposure level for shop.service: \([0-9.]*\) \([A-Z]*\).*/\1 \2/p'
}

for suite in $suites; do
    decant lab up --suite="$suite" "exposed-$suite" >"$work/up"
    cp "$(sed -n 's/^ *config = "\(.*\)"$/\1/p' "$work/up")" "$work/ssh-$suite"
done

row() { # NAME FUNCTION ARGUMENTS…
    name=$1
    shift
    line="| $name |"
    for suite in $suites; do line="$line $("$@" "$suite") |"; done
    echo "$line"
}
of_decant() { # LEVEL SUITE
    decant_unit "$2" "$1"
    ssh -F "$work/ssh-$2" "exposed-$2" cat /etc/systemd/system/shop.service | score "$2"
}
of_mix_systemd() { mix_systemd "$1" | score "$2"; } # KIND SUITE
of_floor() { floor | score "$1"; }                  # SUITE

echo "| unit | bookworm (systemd 252) | trixie (systemd 257) |"
echo "|---|---|---|"
row "Decant, strict (default)" of_decant strict
row "Decant, standard" of_decant standard
row "Decant, off" of_decant off
row "mix_systemd, default" of_mix_systemd default
row "mix_systemd, paranoia" of_mix_systemd paranoia
row "User= and ExecStart= alone" of_floor
