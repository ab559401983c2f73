#!/bin/sh
# As send-rsync.sh, and gives what Decant gives: what has come is verified there by SHA-256, old contents and new, and is
# durable when this returns. The sums lie in TREE.sums, made before.
#
#   send-rsync-checked.sh SSH_CONFIG HOST FOLDER TREE NEW [OLD]
set -eu
level=9
if [ -n "${6:-}" ]; then level=19; fi
there="then_check() { rsync \"\$@\" && cd '$3/$5' && sha256sum --quiet -c .decant/sums >&2 && sync -f . && sync ..; }; then_check"
exec rsync -a --checksum --cc=xxh128,xxh64 --zc=zstd --zl=$level --no-inc-recursive ${6:+"--link-dest=$3/$6"} \
    --rsync-path="$there" -e "ssh -F $1" "$4/" "$4.sums/" "$2:$3/$5/"
