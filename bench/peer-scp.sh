#!/bin/sh
# A deploy as many a script has it: copy the archive, unpack it beside the old release, switch the link, restart, wait.
#
#   peer-scp.sh [--no-restart] SSH_CONFIG HOST APP PORT ARCHIVE NUMBER
set -eu
if [ "$1" = --no-restart ]; then shift && restart=; else
    restart="systemctl restart $3; until curl -fso /dev/null http://127.0.0.1:$4/health; do sleep 0.1; done"
fi
scp -q -F "$1" "$5" "$2:/srv/$3/incoming.tar.gz"
exec ssh -F "$1" "$2" "set -eu
    cd /srv/$3
    mkdir releases/$6
    tar -xzf incoming.tar.gz -C releases/$6 --no-same-owner
    chown -R root:$3 releases/$6
    ln -sfn releases/$6 current.new
    mv -T current.new current
    $restart"
