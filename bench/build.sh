#!/bin/sh
# Measures `decant build` against plain `mix release`, in one run on this machine: a change to one module where both have
# built before, and a clone where nothing was. README.md beside it says what the numbers mean.
#
#   bench/build.sh [--runs N] [--modules N]
#
# --runs      rounds, 5 when left out; of clones there are three at most
# --modules   of the app that is made for this, 300 when left out
set -eu
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
. "$top/bin/lib.sh"
bench=$top/bench

runs=5 modules=300
while [ $# -gt 0 ]; do
    case "$1 ${2:-}" in
    '--runs '[1-9] | '--runs '[1-9][0-9]) runs=$2 ;;
    '--modules '[1-9]*) modules=$2 ;;
    *) sed -n 's/^# *//; 4,7p' "$0" >&2 && exit 2 ;;
    esac
    shift 2
done

take_down() { :; }

# shellcheck source=bench/lib.sh
. "$bench/lib.sh"

need_build_tools
need elixir:elixir mix:elixir perl:perl
export XDG_CACHE_HOME="$work/cache" MIX_ENV=prod

# ---- two apps, each in a repository that both ways clone

commit() { # FOLDER MESSAGE
    git -C "$1" add -A
    git -C "$1" -c user.name=bench -c user.email=bench@localhost commit -q -m "$2"
}

make_sample() {
    cp -r "$top/samples/counter" "$work/sample"
    printf 'app = "counter"\n[hosts.web1]\n' >"$work/sample/decant.toml"
}

# Modules that know structs and functions of others, as those of an app do.
make_big() {
    mkdir -p "$work/big/lib"
    cp "$top/samples/counter/.tool-versions" "$top/samples/counter/.gitignore" "$work/big"
    printf 'app = "big"\n[hosts.web1]\n' >"$work/big/decant.toml"
    printf '%%{\n}\n' >"$work/big/mix.lock"
    cat >"$work/big/mix.exs" <<'END'
defmodule Big.MixProject do
  use Mix.Project

  def project do
    [app: :big, version: "0.1.0", deps: [], releases: [big: [steps: [:assemble, :tar]]]]
  end

  def application, do: [extra_applications: [:logger]]
end
END
    for number in $(seq 1 "$modules"); do
        before=$((number > 1 ? number - 1 : 1))
        cat >"$work/big/lib/part_$number.ex" <<END
defmodule Big.Part$number do
  @moduledoc "One of $modules."
  require Logger

  defstruct id: $number, name: "part $number", tags: [], state: :new

  def greeting, do: "Hello from release 0"

  def advance(%__MODULE__{state: :new} = part), do: {:ok, %{part | state: :ready}}
  def advance(%__MODULE__{state: :ready} = part), do: {:ok, %{part | state: :done}}
  def advance(%__MODULE__{} = part), do: {:error, {:finished, part.id}}

  def handle(parts, options \\\\ []) do
    limit = Keyword.get(options, :limit, 100)

    with [_ | _] = some <- Enum.take(parts, limit),
         {ready, rest} <- Enum.split_with(some, &(&1.state == :ready)) do
      Logger.debug("#{length(ready)} of #{length(some)} are ready")
      for part <- ready, tag <- part.tags, into: %{rest: length(rest)}, do: {tag, part.name}
    else
      [] -> Big.Part$before.greeting()
    end
  end
end
END
    done
}

# Those of a round are the same for both.
change() { # APP FOLDER NUMBER
    case $1 in
    sample) file=$2/lib/counter/greeting.ex && sed -i "s/def text, do: .*/def text, do: \"$(greeting "$3")\"/" "$file" ;;
    big) sed -i "s/Hello from release [0-9]*/$(greeting "$3")/" "$2/lib/part_$((modules / 2 + 1)).ex" ;;
    esac
}
name_of() { if [ "$1" = sample ]; then echo counter; else echo big; fi; }

# ---- both ways

mix_release() { # APP FOLDER
    (cd "$2" && mix release "$(name_of "$1")" --overwrite)
}
mix_clone() { # APP FOLDER
    git clone -q "$work/$1" "$2"
    (cd "$2" && mix deps.get --only prod && mix release "$(name_of "$1")" --overwrite)
}
decant_build() { # APP FOLDER
    decant build -C "$2"
}
decant_clone() { # APP FOLDER
    git clone -q "$work/$1" "$2"
    decant build -C "$2"
}

# Appends to $work/results: APP CASE WAY ROUND SECONDS.
measure() { # APP CASE WAY ROUND COMMAND…
    app=$1 case=$2 way=$3 round=$4
    shift 4
    began=$(date +%s%N)
    "$@" >>"$work/log" 2>&1
    took=$(($(date +%s%N) - began))
    printf '%s\t%s\t%s\t%s\t%d.%03d\n' "$app" "$case" "$way" "$round" \
        $((took / 1000000000)) $((took / 1000000 % 1000)) >>"$work/results"
    say "$app, $case, round $round: $way took $((took / 1000000)) ms"
}

# The one that is first in one round is second in the next.
order() { if [ $(($1 % 2)) = 1 ]; then echo mix decant; else echo decant mix; fi; } # ROUND

measure_app() { # APP
    git -C "$work/$1" init -q -b main
    commit "$work/$1" "Begin"
    for round in $(seq 1 $((runs < 3 ? runs : 3))); do
        for way in $(order "$round"); do
            rm -rf "$work/$1.$way" "$XDG_CACHE_HOME" "$XDG_DATA_HOME"
            measure "$1" clone "$way" "$round" "${way}_clone" "$1" "$work/$1.$way"
        done
    done
    # What the last round has not left to Decant.
    decant build -C "$work/$1.decant" --rebuild >>"$work/log" 2>&1
    for round in $(seq 1 "$runs"); do
        for way in mix decant; do
            change "$1" "$work/$1.$way" "$round"
            commit "$work/$1.$way" "Say hello from release $round"
        done
        for way in $(order "$round"); do
            command=mix_release
            if [ "$way" = decant ]; then command=decant_build; fi
            measure "$1" change "$way" "$round" "$command" "$1" "$work/$1.$way"
        done
    done
}

decant --version >>"$work/log" 2>&1
make_sample
make_big
measure_app sample
measure_app big

print_circumstances "$runs" "$(elixir --version | sed -n '$s/ (.*//p')"
echo
"$bench/build-table.pl" "$work/results" "sample=\`samples/counter\`" "big=$modules modules"
