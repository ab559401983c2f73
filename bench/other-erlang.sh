#!/bin/sh
# Runs a program of another Debian on the files of this machine, such as the `mix` of its Erlang and Elixir: under the
# program's name in a folder that is first in PATH, `decant build` takes it for this machine's own.
#
#   ROOT=/the/root WORK=/tmp/work other-erlang.sh PROGRAM [ARGUMENT...]
#
# ROOT stays as it is. Of this machine's files the program sees and changes those in WORK, by the same names.
set -eu
exec systemd-nspawn --quiet --register=no --keep-unit --pipe --as-pid2 --read-only --directory="$ROOT" \
    --machine="decant-bench-$$" --resolv-conf=off --timezone=off --link-journal=no \
    --bind="$WORK" --chdir="$PWD" --setenv=HOME="$WORK" --setenv=LC_ALL=C.UTF-8 --setenv=MIX_ENV --setenv=CI -- "$@"
