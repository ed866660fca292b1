#!/bin/sh
# Pushes trials from the SQLite file on this server to the CRM API; for cron, for example every hour:
#   15 * * * * OPS_HQ_KEY_FILE=/etc/ops-hq/key /opt/ops-hq/push-trials.sh https://crm.example.com /srv/trials.db
# Needs sqlite3 and curl. The key has the scope leads:write and stands alone in a file that only this user may read.
# Ends with 0 where everything was kept, 1 where some rows were not, 2 where nothing could be done.
set -eu

fail() {
  echo "push-trials: $1" >&2
  exit 2
}

[ $# -ge 2 ] || fail "usage: push-trials.sh https://crm.example.com /path/to/trials.db [query, as table=trials&defaultSource=game]"
address=$1
database=$2
query=${3:-}
case $address in
  https://* | http://127.0.0.1:*) ;;
  *) fail "the address should begin with https://, since a key and addresses of people go along" ;;
esac
[ -r "$database" ] || fail "there is no readable file $database"
[ -n "${OPS_HQ_KEY_FILE:-}" ] || fail "set OPS_HQ_KEY_FILE to the file that holds the API key"
[ -r "$OPS_HQ_KEY_FILE" ] || fail "there is no readable file $OPS_HQ_KEY_FILE"
command -v sqlite3 >/dev/null || fail "sqlite3 is not installed (Debian: apt-get install sqlite3)"
command -v curl >/dev/null || fail "curl is not installed (Debian: apt-get install curl)"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
chmod 700 "$folder"

# A copy that is whole, whatever is being written at the moment.
sqlite3 -readonly "$database" "vacuum into '$folder/trials.db'" || fail "$database could not be copied"

# The key goes by a file: on the command line everybody on this server could read it.
printf 'header = "authorization: Bearer %s"\n' "$(tr -d '\r\n' <"$OPS_HQ_KEY_FILE")" >"$folder/curl"
status=$(curl --silent --show-error --max-time 120 --retry 3 --config "$folder/curl" \
  --header 'content-type: application/vnd.sqlite3' --data-binary "@$folder/trials.db" \
  --output "$folder/answer" --write-out '%{http_code}' \
  "$address/v1/trials/import${query:+?$query}") || fail "$address did not answer"

cat "$folder/answer"
echo
[ "$status" = 200 ] || fail "$address answered $status"
grep -q '"invalid":0[,}]' "$folder/answer" || exit 1
