#!/bin/sh
# First process of a host of SshFarm: sets up the fresh network, UTS, mount and PID namespaces in which it runs, says "up".
#   ssh_host.sh NAME ADDRESS HOME SSHD_FILES [ORCHESTRATOR]     descriptor 3: the controller's network namespace
# /tmp and HOME are the host's own. SSHD_FILES appears as HOME/sshd, ORCHESTRATOR as HOME/bin/orchestrator.
set -e
name=$1 address=$2 home=$3 sshd_files=$4 orchestrator=${5:-}
hostname "$name"

# HOME is put together below /mnt first, because what is mounted into it may itself lie below HOME or /tmp.
mount -t tmpfs none /mnt
mkdir -p /mnt/sshd /mnt/bin /run/sshd # sshd(8), as root: "Missing privilege separation directory: /run/sshd"
mount --bind "$sshd_files" /mnt/sshd
if [ -n "$orchestrator" ]; then
  : >/mnt/bin/orchestrator
  mount --bind "$orchestrator" /mnt/bin/orchestrator
fi
mount --rbind /mnt "$home"
mount -t tmpfs none /tmp

ip link set lo up
ip link add eth0 type veth peer name "$name" netns /proc/self/fd/3
ip address add "$address/24" dev eth0
ip link set eth0 up
nsenter --net=/proc/self/fd/3 ip link set "$name" master br0 up
exec 3<&-
cd "$home"
/usr/sbin/sshd -D -f "$home/sshd/$name.config" -E "$home/sshd/$name.log" >/dev/null 2>&1 &
until [ -e "$home/sshd/$name.pid" ]; do # sshd writes it when it listens
  kill -0 $! || { cat "$home/sshd/$name.log" >&2; exit 1; }
  sleep 0.01
done
sleep infinity >/dev/null &
echo up
exec >/dev/null
wait # this also reaps the host's orphans, as an init does
