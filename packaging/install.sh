#!/bin/sh
# Installs Decant for one person, or with root for all of a machine: fetches an archive and its checksums, holds one
# against the other, and puts it in place. Nothing is changed where something is not as it should be.
#
#   install.sh --from URL [--version V] [--prefix FOLDER] [--signers FILE]
#   install.sh --uninstall [--prefix FOLDER]
#
#   --from URL      the folder that has SHA256SUMS and the archives
#   --version V     where there are several
#   --prefix FOLDER where bin/decant is to be; ~/.local when left out, for root /usr/local
#   --signers FILE  who may have signed SHA256SUMS, as ssh-keygen reads it (`releases namespaces="file" ssh-ed25519 …`);
#                   without a good signature in SHA256SUMS.sig nothing is installed then
set -eu

stop() { # WHAT WHY NEXT
    printf 'install.sh: %s\n\n  Why   %s\n  Next  %s\n' "$1" "$2" "$3" >&2
    exit 3
}
usage() {
    sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

from=''
version=''
signers=''
uninstall=''
if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=${HOME:?}/.local; fi
while [ $# -gt 0 ]; do
    case $1 in
    --uninstall) uninstall=yes ;;
    --from | --version | --prefix | --signers)
        [ $# -gt 1 ] || usage
        case $1 in
        --from) from=${2%/} ;;
        --version) version=$2 ;;
        --prefix) prefix=${2%/} ;;
        --signers) signers=$2 ;;
        esac
        shift
        ;;
    *) usage ;;
    esac
    shift
done

home=$prefix/lib/decant
# What leads from the usual places to what is in there.
links() {
    printf '%s\n' bin/decant share/bash-completion/completions/decant share/zsh/site-functions/_decant \
        share/fish/vendor_completions.d/decant.fish
    if [ -d "$home/share/man/man1" ]; then (cd "$home" && ls -d share/man/man1/*); fi
}
remove_links() {
    links | while IFS= read -r each; do
        case $(readlink "$prefix/$each" || true) in
        *lib/decant/*) rm -f "$prefix/$each" ;;
        esac
    done
}

if [ -n "$uninstall" ]; then
    if [ ! -x "$home/bin/decant" ]; then
        stop "Nothing was removed." "There is no Decant in $home." "Name the folder that it was installed to: --prefix"
    fi
    remove_links
    rm -rf "$home"
    echo "Decant is gone from $prefix. Releases that you have built are in ~/.local/share/decant."
    exit 0
fi
[ -n "$from" ] || usage

case "$(uname -s) $(uname -m)" in
'Linux x86_64') machine=linux-x64 ;;
'Linux aarch64') machine=linux-arm64 ;;
*) stop "There is no archive for this machine." "It is a $(uname -s) on $(uname -m)." "With a JDK 25, run bin/decant from a checkout." ;;
esac

fetch() { # URL FILE
    if command -v curl >/dev/null 2>&1; then
        curl -fsSL --retry 3 -o "$2" "$1"
    elif command -v wget >/dev/null 2>&1; then
        wget -q -O "$2" "$1"
    else
        stop "Nothing was installed." "There is neither curl nor wget here." "Install one of them."
    fi
}

mkdir -p "$prefix/lib"
work=$(mktemp -d "$prefix/lib/.decant.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fetch "$from/SHA256SUMS" "$work/SHA256SUMS" ||
    stop "Nothing was installed." "$from/SHA256SUMS cannot be fetched." "Look at what --from names."
if [ -n "$signers" ]; then
    fetch "$from/SHA256SUMS.sig" "$work/SHA256SUMS.sig" ||
        stop "Nothing was installed." "There is no signature, $from/SHA256SUMS.sig." "Ask who publishes it."
    who=$(ssh-keygen -Y find-principals -s "$work/SHA256SUMS.sig" -f "$signers" 2>/dev/null | head -n 1) || who=
    if [ -z "$who" ] || ! ssh-keygen -Y verify -f "$signers" -I "$who" -n file -s "$work/SHA256SUMS.sig" \
        <"$work/SHA256SUMS" >/dev/null 2>&1; then
        stop "Nothing was installed." "SHA256SUMS is not signed by anyone in $signers." \
            "Do not use what is there, and tell who publishes it."
    fi
    echo "Signed by $who."
fi

archive=$(sed -n "s/^[0-9a-f]\{64\} [ *]\(decant-${version:-[^ /]*}-$machine\.tar\.gz\)\$/\1/p" "$work/SHA256SUMS")
case $archive in
'') stop "Nothing was installed." "$from has no decant-${version:-VERSION}-$machine.tar.gz." "Look at SHA256SUMS there." ;;
*"
"*) stop "Nothing was installed." "There are several: $(echo "$archive" | tr '\n' ' ')" "Choose one with --version." ;;
esac
echo "Fetching $archive ..."
fetch "$from/$archive" "$work/$archive" ||
    stop "Nothing was installed." "$from/$archive cannot be fetched." "Try again."
wanted=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$archive\$/\1/p" "$work/SHA256SUMS")
if command -v sha256sum >/dev/null 2>&1; then sum="sha256sum"; else sum="shasum -a 256"; fi
found=$($sum "$work/$archive" | cut -d' ' -f1)
if [ "$found" != "$wanted" ]; then
    stop "Nothing was installed." "$archive has the checksum $found, and should have $wanted." \
        "Try again; if it stays so, do not use it, and tell who publishes it."
fi

mkdir "$work/new"
tar -xzf "$work/$archive" -C "$work/new" --strip-components=1
"$work/new/bin/decant" --version >/dev/null ||
    stop "Nothing was installed." "It does not run on this machine." "$work/new/bin/decant --version says why."
if [ -e "$home" ]; then
    remove_links
    mv "$home" "$work/old"
fi
mv "$work/new" "$home"
links | while IFS= read -r each; do
    folder=${each%/*}
    mkdir -p "$prefix/$folder"
    ln -sfn "$(echo "$folder" | sed 's|[^/][^/]*|..|g')/lib/decant/$each" "$prefix/$each"
done
echo "$("$prefix/bin/decant" --version) is $prefix/bin/decant."
case :$PATH: in
*":$prefix/bin:"*) ;;
*) echo "Your PATH lacks it:  export PATH=\"$prefix/bin:\$PATH\"" ;;
esac
