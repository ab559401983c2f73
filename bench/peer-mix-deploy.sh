#!/bin/sh
# What `bin/deploy-release` of mix_deploy does, run on the host: the archive is unpacked into a folder of its own, and the
# link is removed and made anew. It lies in the app's `bin`.
#
#   peer-mix-deploy.sh ARCHIVE NUMBER
set -eu
app=$(cd "$(dirname "$0")/.." && pwd)
mkdir "$app/releases/$2"
tar -xzf "$1" -C "$app/releases/$2" --no-same-owner
chown -R "root:${app##*/}" "$app/releases/$2"
rm -f "$app/current"
ln -s "$app/releases/$2" "$app/current"
