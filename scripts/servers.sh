#!/usr/bin/env bash
# Installs the servers that contend-engines starts and Go modules cannot bring: redis-server and PostgreSQL, from
# Debian's packages. Trials start instances of their own, so the services that a package brings along are stopped and
# disabled; what was installed before is left as it is.
set -euo pipefail

wanted=()
command -v redis-server >/dev/null || wanted+=(redis-server)
command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || wanted+=(postgresql)
if [ ${#wanted[@]} = 0 ]; then
	echo "redis-server and PostgreSQL are installed"
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "no apt-get here; install by hand: ${wanted[*]}" >&2
	exit 1
fi
if [ "$(id -u)" != 0 ]; then
	echo "run it as root: sudo $0" >&2
	exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
for service in "${wanted[@]}"; do
	if [ -d /run/systemd/system ]; then
		systemctl disable --now --quiet "$service"
	else
		service "$service" stop >/dev/null
		update-rc.d "$service" disable >/dev/null
	fi
done
echo "installed: ${wanted[*]}"
