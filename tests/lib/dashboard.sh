# shellcheck shell=bash
# dashboard.sh - a dashboard for a test, and requests to it over a socket of our own. Source it after
# e2e.sh.

dashboard_pid='' live_pid=''
port='' token=''

# Starts `darkroom COMMAND FLAGS...` with a dashboard on any free port; sets port and token.
dashboard_start() { # NAME COMMAND FLAGS...: output in $work/NAME.out, log in $work/NAME.log
  local name=$1 url=''
  shift
  : >"$work/$name.out"
  "$DARKROOM" "$@" --listen 0 >"$work/$name.out" 2>"$work/$name.log" &
  dashboard_pid=$!
  for _ in $(seq 1200); do
    url=$(sed -n 's/^Dashboard: //p' "$work/$name.out")
    [ -n "$url" ] && break
    kill -0 "$dashboard_pid" 2>/dev/null || break
    sleep 0.05
  done
  [ -n "$url" ] || fail "no dashboard: $(cat "$work/$name.log")"
  port=${url##*:} port=${port%%/*}
  token=${url##*token=}
}

dashboard_end() { # the exit status must be 0
  kill -TERM "$dashboard_pid"
  wait "$dashboard_pid" || fail "the dashboard ended with status $?"
  dashboard_pid=
}

# request METHOD PATH [HEADER...]: the status is printed, headers and body are in $work/reply.
# BODY is sent if it is set. The header Host is 127.0.0.1 unless HOST says otherwise.
request() {
  local method=$1 path=$2 body=${BODY-} header
  shift 2
  exec 4<>"/dev/tcp/127.0.0.1/$port"
  {
    printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n' "$method" "$path" "${HOST-127.0.0.1:$port}"
    for header in "$@"; do printf '%s\r\n' "$header"; done
    [ -z "${BODY+x}" ] || printf 'Content-Length: %s\r\n' "${#body}"
    printf '\r\n%s' "$body"
  } >&4
  cat <&4 >"$work/reply"
  exec 4>&-
  sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/reply"
}
body() { sed '1,/^\r*$/d' "$work/reply"; }

# expect_status STATUS METHOD PATH [HEADER...]
expect_status() {
  local want=$1 got
  shift
  got=$(request "$@")
  [ "$got" = "$want" ] || fail "$*: status $got, not $want: $(head -c 600 "$work/reply")"
  checks=$((checks + 1))
}
expect_in_reply() { # TEXT
  grep -qF -- "$1" "$work/reply" || fail "not in the reply: $1: $(head -c 900 "$work/reply")"
  checks=$((checks + 1))
}
expect_not_in_reply() { # TEXT
  ! grep -qF -- "$1" "$work/reply" || fail "in the reply: $1"
  checks=$((checks + 1))
}

# live FILE: reads /api/live into FILE until the process is killed; prints its id.
live() { # FILE [HEADER...]
  local file=$1
  shift
  (
    exec 5<>"/dev/tcp/127.0.0.1/$port"
    {
      printf 'GET /api/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n' "$token"
      for header in "$@"; do printf '%s\r\n' "$header"; done
      printf '\r\n'
    } >&5
    exec cat <&5 >"$file"
  ) &
  live_pid=$!
}

# wait_for WHAT COMMAND...: repeats the command until it succeeds, for at most a minute.
wait_for() {
  local what=$1
  shift
  for _ in $(seq 1200); do
    if "$@" >/dev/null 2>&1; then
      checks=$((checks + 1))
      return
    fi
    sleep 0.05
  done
  fail "$what"
}
