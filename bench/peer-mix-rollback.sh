#!/bin/sh
# What `bin/deploy-rollback` of mix_deploy does, run on the host: the link goes to the last release but one by name, and
# is removed and made anew. It lies in the app's `bin`.
set -eu
app=$(cd "$(dirname "$0")/.." && pwd)
previous=$(find "$app/releases" -mindepth 1 -maxdepth 1 | sort | tail -n 2 | head -n 1)
rm -f "$app/current"
ln -s "$previous" "$app/current"
