#!/bin/sh
# Puts a release beside the old one with casync: cuts it into chunks, sends those that the host lacks and what is new in
# the index, and has the host put the release together from its chunks.
# KEPT is a folder on this side: the chunks made so far, which of them the host has, and the last index sent to it.
#
#   send-casync.sh SSH_CONFIG HOST FOLDER TREE NEW KEPT
set -eu
kept=$6
touch "$kept/sent" "$kept/index.caidx"

# No times and no owners: a build makes each file anew, and then every chunk would be another.
# 2048 needed the fewest bytes in the five cases that have an old release, added up: 113 kB, with 1024 116 (more index and
# names), with 4096 130 (more in a chunk that has not changed). xz packs chunks smaller than zstd.
casync make --store="$kept/store.castr" --chunk-size=2048 --compression=xz \
    --with=permissions --with=symlinks "$kept/new.caidx" "$4" >/dev/null
cd "$kept"
find store.castr -name '*.cacnk' | LC_ALL=C sort >made
LC_ALL=C comm -13 sent made >lacking
# An index holds the end and the digest of every chunk, 40 bytes each: more than most changes.
zstd -qq -f -19 --patch-from=index.caidx new.caidx -o index.patch
# One connection. Chunks are packed already; the names and paddings of tar are not.
# No --seed: the host has kept all chunks that it was sent, and reading a seed took 3.9 s in place of 0.6 s.
{ echo index.patch && cat lacking; } | tar -c --owner=0 --group=0 --numeric-owner -T - | zstd -qq -3 |
    ssh -F "$1" "$2" "set -e
        cd $3
        touch index.caidx
        zstd -q -d | tar -x
        zstd -q -d -f --patch-from=index.caidx index.patch -o new.caidx
        casync extract --store=store.castr new.caidx $5
        mv new.caidx index.caidx"
mv new.caidx index.caidx
mv made sent
