#!/bin/sh
# Makes hosts that are folders, each with an address of its own on the loopback of a network namespace in which nothing
# else is, and runs a command. A few sshd lead to them. README.md says what of such a host is real.
#
#   unshare -nmpf --kill-child --mount-proc simulated-hosts.sh WORK COUNT COMMAND…
#
# WORK has host.tar, the folders of a host that was set up, and stand-in.pl. The hosts are 127.77.SSHD.NUMBER, listed in
# WORK/simulated/names, and WORK/simulated/ssh_config knows the way.
set -eu
bench=$(dirname "$(readlink -f "$0")")
work=$1 count=$2
shift 2
sshds=4

place=$work/simulated
mkdir -p "$place" /run/sshd
# What is made durable in there is so at once: so many hosts have as many disks, and this machine has one.
mount -t tmpfs -o mode=755 simulated "$place"
mkdir "$place/bin" "$place/template" "$place/hosts"
ip link set lo up
# sshd runs a command by root's shell, and bash would read first what this machine's root has in ~/.bashrc.
sed '/^root:/s#[^:]*$#/bin/sh#' /etc/passwd >"$place/passwd"
mount --bind "$place/passwd" /etc/passwd
# As the VM of every host: all ask 127.0.0.1.
PORT=4000 "$work/stand-in.pl" start &

for tool in systemctl systemd-run systemd-cat journalctl nft iptables chown; do
    ln -s "$bench/simulated-tool.sh" "$place/bin/$tool"
done
tar -xf "$work/host.tar" -C "$place/template" --no-same-owner
mkdir -p "$place/template/run/decant"
# Hosts share their files until they have others in their place; these are written to.
rm -rf "$place/template/srv/counter/incoming"/* "$place/template/var/lib/decant/counter/history"
sed -e "s#^ROOT=\$#ROOT=\$HOST_ROOT#" -e "s#^PATH=#PATH=$place/bin:#" \
    "$place/template/usr/local/lib/decant/decant-host" >"$place/decant-host"
cat >"$place/session" <<END
#!/bin/sh
# Whatever is asked for: a session of the host whose address it is.
set -- \$SSH_CONNECTION
HOST_ROOT=$place/hosts/\$3 HOST_PROGRAM=$place/decant-host
export HOST_ROOT HOST_PROGRAM
exec sh $place/decant-host session counter "\$HOST_ROOT"
END
chmod +x "$place/session"

ssh-keygen -q -t ed25519 -N '' -f "$place/key"
ssh-keygen -q -t ed25519 -N '' -f "$place/host_key"
cp "$place/key.pub" "$place/authorized_keys"
printf 'simulated %s\n' "$(cut -d' ' -f1,2 "$place/host_key.pub")" >"$place/known_hosts"
for number in $(seq "$sshds"); do
    # MaxStartups is how many one host lets wait; here are many behind one.
    cat >"$place/sshd_config.$number" <<END
Port 220$number
HostKey $place/host_key
AuthorizedKeysFile $place/authorized_keys
PidFile none
StrictModes no
UsePAM no
MaxStartups 1000
ForceCommand $place/session
END
    cat >>"$place/ssh_config" <<END
Host 127.77.$number.*
    Port 220$number
END
    /usr/sbin/sshd -f "$place/sshd_config.$number" -E "$place/sshd.log"
done
cat >>"$place/ssh_config" <<END
Host *
    KexAlgorithms curve25519-sha256
    IdentityFile $place/key
    IdentitiesOnly yes
    HostKeyAlias simulated
    UserKnownHostsFile $place/known_hosts
    GlobalKnownHostsFile /dev/null
END

for number in $(seq 0 $((count - 1))); do
    address=127.77.$((number % sshds + 1)).$((number / sshds + 1))
    cp -al "$place/template" "$place/hosts/$address"
    echo "$address"
done >"$place/names"
"$@"
