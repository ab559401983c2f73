#!/bin/sh
# How long Decant takes until it does something: its own archive, unpacked, beside Ansible, Capistrano and a Java program
# that says hello. Prints a Markdown table.
#
#   startup.sh [--runs N]
#
# Uses the archive in target/dist, and makes one of what is built (bin/package --as-built) where there is none.
set -eu
bench=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=${bench%/*}
. "$top/bin/lib.sh"
runs=21
while [ $# -gt 0 ]; do
    case $1 in
    --runs) runs=$2 && shift 2 ;;
    *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
    esac
done
need perl:perl ansible:ansible-core cap:capistrano
jdk=$(find_jdk)
work=$(mktemp -d /tmp/decant-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT

archive() { find "$top/target/dist" -maxdepth 1 -name 'decant-*-linux-*.tar.gz' 2>/dev/null | head -n 1; }
if [ -z "$(archive)" ]; then "$top/bin/package" --as-built --no-deb; fi
made=$(archive)
tar -xzf "$made" -C "$work"
mv "$work"/decant-* "$work/decant"
cat >"$work/Hello.java" <<'JAVA'
class Hello {
    public static void main(String[] args) {
        System.out.println("hello");
    }
}
JAVA
"$jdk/bin/javac" -d "$work" "$work/Hello.java"
export LC_ALL=C.UTF-8
size() { du -s --apparent-size --block-size=1 "$@" | awk '{ n += $1 } END { printf "%.0f MB", n / 1e6 }'; }

echo "$(date -u +%Y-%m-%d), $runs rounds; $(nproc) cores, Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)." \
    "$(ansible --version | sed -n 1p), $(cap --version | sed 's/Capistrano Version: \([^ ]*\).*/Capistrano \1/')," \
    "JDK $("$jdk/bin/java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p'), commit $(git -C "$top" rev-parse --short HEAD)."
echo
"$bench/startup.pl" "$runs" \
    "a bare \`java\`, hello" "$jdk/bin/java -cp $work Hello" \
    "\`decant --version\`" "$work/decant/bin/decant --version" \
    "\`decant --help\`" "$work/decant/bin/decant --help" \
    "\`decant deploy --help\`" "$work/decant/bin/decant deploy --help" \
    "\`decant de\`, completed" "$work/decant/bin/decant __complete de" \
    "\`ansible --version\`" "ansible --version" \
    "\`cap --version\`" "cap --version"
echo
echo "Archive $(size "$made"); unpacked $(size "$work/decant"), of which Java $(size "$work/decant/lib/java"), jars" \
    "$(size "$work/decant/lib/app"), classes that are ready $(size "$work/decant/lib/decant.jsa")."
