#!/bin/sh
# Puts a release beside the old one with rsync: what is as before becomes a link to the old one's, and of a file that
# has changed in place only the changed blocks are sent. OLD is left out where the host has none.
#
#   send-rsync.sh [--checked] SSH_CONFIG HOST FOLDER TREE NEW [OLD]
#
# --checked  gives what Decant gives: what has come is verified there by SHA-256, old contents and new, and is durable when
#            this returns. The sums lie in TREE.sums, made before.
set -eu
checked=
if [ "$1" = --checked ]; then checked=yes && shift; fi
# What needed the fewest bytes. One module changed in 629 files: 33.4 kB with -z, 33.2 with zstd at 19 in its place, 27.7
# with 8 bytes of xxh64 per file in place of 16 of xxh128, 27.3 with one list of files at the start.
# The old one by its whole path: Debian 12's rsync 3.2.7 does not find it for deltas by one with .. in it, and fails.
# Nothing to link to: 19 would take 4.8 s for 4.7 MB, 9 takes 0.7 s for 5.2 MB.
level=9
if [ -n "${6:-}" ]; then level=19; fi
there=rsync
if [ -n "$checked" ]; then
    there="then_check() { rsync \"\$@\" && cd '$3/$5' && sha256sum --quiet -c .decant/sums >&2 && sync -f . && sync ..; }; then_check"
fi
exec rsync -a --checksum --cc=xxh128,xxh64 --zc=zstd --zl=$level --no-inc-recursive ${6:+"--link-dest=$3/$6"} \
    --rsync-path="$there" -e "ssh -F $1" "$4/" ${checked:+"$4.sums/"} "$2:$3/$5/"
