#!/bin/sh
# Puts a release beside the old one as many a script has it: copy the archive, unpack it.
#
#   send-scp.sh SSH_CONFIG HOST FOLDER ARCHIVE NEW
set -eu
scp -q -F "$1" "$4" "$2:$3/incoming.tar.gz"
exec ssh -F "$1" "$2" "cd $3 && mkdir $5 && tar -xzf incoming.tar.gz -C $5 && rm incoming.tar.gz"
