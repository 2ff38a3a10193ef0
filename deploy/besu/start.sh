#!/bin/sh
# Starts one validator on a machine with Java 25 and Besu.
#   BESU=/opt/besu/bin/besu NETWORK=/srv/network KEY=/srv/validator/key DATA=/srv/validator/data HOST=10.0.0.11 ./start.sh
set -eu
: "${BESU:=besu}" "${NETWORK:?folder of genesis.json and static-nodes.json}" "${KEY:?file of the key}"
: "${DATA:?folder of the chain}" "${HOST:?address at which the other validators reach this one}"
: "${P2P_PORT:=30303}" "${RPC_HOST:=127.0.0.1}" "${RPC_PORT:=8545}"

version=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
if [ "${version:-0}" -lt 25 ]; then
  echo "Java 25 or newer is needed, found ${version:-none}: set JAVA_HOME." >&2
  exit 1
fi

exec "$BESU" --config-file="$(dirname "$0")/besu.toml" \
  --genesis-file="$NETWORK/genesis.json" --static-nodes-file="$NETWORK/static-nodes.json" \
  --node-private-key-file="$KEY" --data-path="$DATA" \
  --p2p-host="$HOST" --p2p-interface=0.0.0.0 --p2p-port="$P2P_PORT" \
  --rpc-http-host="$RPC_HOST" --rpc-http-port="$RPC_PORT" "$@"
