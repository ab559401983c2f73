# shellcheck shell=sh disable=SC2154
# Shared by the scripts beside it: a world of stand-ins for Mix and for a host, in which commands load what they load in
# real life, so that it can be kept ready. Sourced after $top is set, never run.

# make_stand_ins FOLDER makes it there, with a project in FOLDER/x.
make_stand_ins() {
    world=$1
    program=$top/src/main/resources/dev/decant/host/decant-host

    # A host: `ssh` runs the host program in a folder, and nobody needs `sudo`.
    mkdir -p "$world/bin" "$world/root/srv/x/releases" "$world/root/srv/x/incoming" "$world/root/usr/local/lib/decant"
    cp "$program" "$world/root/usr/local/lib/decant/decant-host"
    printf '#!/bin/sh\nexec sh "%s" session x "%s"\n' "$program" "$world/root" >"$world/bin/ssh"
    printf '#!/bin/sh\n' >"$world/bin/sudo"
    printf '#!/bin/sh\necho 1.18.4 27.3\n' >"$world/bin/elixir"

    # `mix release x --overwrite --path FOLDER`: a release of three files, one of which is a program.
    cat >"$world/bin/mix" <<'MIX'
#!/bin/sh
[ "$1" = release ] || exit 0
mkdir -p "$5/bin" "$5/erts-1/bin" "$5/releases"
cp /bin/true "$5/erts-1/bin/beam.smp"
echo x >"$5/bin/x"
echo 1 0.0.0 >"$5/releases/start_erl.data"
tar -C "$5" -czf "$5/x-0.0.0.tar.gz" bin erts-1 releases
MIX
    chmod +x "$world/bin"/*

    mkdir "$world/x"
    printf 'app = "x"\n[hosts.x]\n' >"$world/x/decant.toml"
    printf 'defmodule X.MixProject do\n  def project, do: [app: :x, version: "0.0.0"]\nend\n' >"$world/x/mix.exs"
    printf '%%{\n}\n' >"$world/x/mix.lock"
    printf 'elixir 1.18.4\nerlang 27.3\n' >"$world/x/.tool-versions"
    # A hook of git's would have these name the repository that it is run for.
    unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
    git_of_stand_ins init -q
    git_of_stand_ins add -A
    git_of_stand_ins commit -q --no-verify -m x
}

git_of_stand_ins() { git -C "$world/x" -c user.name=x -c user.email=x@localhost -c commit.gpgSign=false "$@"; }

# among_stand_ins COMMAND… runs it there.
among_stand_ins() {
    PATH=$world/bin:$PATH HOME=$world XDG_DATA_HOME=$world/data XDG_CACHE_HOME=$world/cache \
        XDG_STATE_HOME=$world/state "$@"
}
