# shellcheck shell=bash
# story.sh - what the stories share: commands typed in a terminal of 80 columns, their number and their time.
# Source it, then call story_begin.
#
# A command runs as a user types it, on a pseudo terminal: `darkroom` is the built program. What it shows is
# in ./screen, without colours. SCREENS=1 prints it. KEEP=1 leaves the working folder.

# Settings of the caller's shell are not those of the user of the story.
for name in $(compgen -e); do
  case $name in
    DARKROOM | DARKROOM_SOURCE) ;;
    DARKROOM_* | DATABASE_* | DIRECT_URL | POSTGRES_* | PG* | SUPABASE_* | NEXT_* | OPENAI_* | NO_COLOR | CI) unset "$name" ;;
  esac
done
DARKROOM=$(realpath "${DARKROOM:-$(dirname "${BASH_SOURCE[0]}")/../../build/darkroom}")
export DARKROOM TERM=xterm-256color LC_ALL=C.UTF-8
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/e2e.sh"
# shellcheck source=tests/lib/dashboard.sh
. "$tests/lib/dashboard.sh"

commands=0 visits=0 story='' story_began=0 bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

# story_begin TITLE: in an empty folder, which is removed at the end
story_begin() {
  story=$1
  [ -n "${work:-}" ] || e2e_folder
  mkdir -p "$work/desk"
  cd "$work/desk" || exit 1
  PATH=$(dirname "$DARKROOM"):$PATH
  story_began=$(now)
  printf '%s%s%s\n' "$bold" "$story" "$plain"
}

story_end() {
  local seconds
  seconds=$(since "$story_began")
  printf '\n%s: %s commands, %s visits with a browser, %s minutes (%s s), %s checks\n' "$story" "$commands" "$visits" \
    "$(awk "BEGIN { printf \"%.1f\", $seconds / 60 }")" "$seconds" "$checks"
}

now() { date +%s.%N; }
since() { awk "BEGIN { printf \"%.1f\", $(now) - $1 }"; }
step() { printf '\n%s\n' "$*"; }

is() { # WHAT VALUE EXPECTED
  [ "$2" = "$3" ] || fail "$1: '$2', expected '$3'"
  checks=$((checks + 1))
}

# -- terminals: each has a name, and its files ./NAME.keys and ./NAME.typed

declare -A terminal_pid terminal_keys

# start NAME COMMAND: types the command in another terminal, where it stays
start() {
  printf '%s$ %s%s\n' "$bold" "$2" "$plain"
  commands=$((commands + 1))
  open_terminal "$1" "$2"
}

open_terminal() { # NAME COMMAND
  local keys
  rm -f "$work/$1.keys"
  mkfifo "$work/$1.keys"
  exec {keys}<>"$work/$1.keys"
  : >"$work/$1.typed"
  script -qefc "stty cols 80 rows 24; $2" /dev/null <&"$keys" >"$work/$1.typed" 2>&1 &
  terminal_pid[$1]=$! terminal_keys[$1]=$keys
}

press() { printf '%s' "$2" >&"${terminal_keys[$1]}"; } # NAME KEYS

# until_shows NAME REGEX [SECONDS]: waits until the terminal has shown it
until_shows() {
  local end=$((SECONDS + ${3:-120}))
  while :; do
    read_screen "$1"
    ! grep -qE -- "$2" screen || break
    [ "$SECONDS" -lt "$end" ] && kill -0 "${terminal_pid[$1]}" 2>/dev/null ||
      fail "the terminal has not shown '$2': $(tail -n 30 screen)"
    sleep 0.05
  done
  checks=$((checks + 1))
}

# ends NAME STATUS: waits until its command has ended with this status; what it has shown is ./screen then
ends() {
  local status=0 keys=${terminal_keys[$1]}
  wait "${terminal_pid[$1]}" || status=$?
  exec {keys}>&-
  unset "terminal_pid[$1]" "terminal_keys[$1]"
  read_screen "$1"
  [ -z "${SCREENS:-}" ] || sed 's/^/  | /' screen
  [ "$status" -eq "$2" ] || fail "it ended with $status, not $2: $(tail -n 20 screen)"
  [ -n "${any_width:-}" ] || fits
}

# Ends the commands of all terminals, for a story that fails.
end_terminals() {
  local pid
  for pid in "${terminal_pid[@]}"; do kill "$pid" 2>/dev/null || true; done
}

# The text that a terminal received: each line, and each state of a line that was overwritten.
read_screen() {
  perl -pe 's/\e\]8;[^\e\a]*(\e\\|\a)//g; s/\e\[[0-9;?]*[ -\/]*[@-~]//g; s/\e[=>78]//g; s/\r+\n/\n/g; s/\r/\n/g' \
    "$work/$1.typed" >screen
}

# No line is wider than the terminal.
fits() {
  local widest
  widest=$(wc -L <screen)
  [ "$widest" -le 80 ] || fail "a line has $widest columns: $(awk 'length > 80' screen | head -n 3)"
  checks=$((checks + 1))
}

# run STATUS COMMAND [ANSWER]: types the command, answers its question, and waits until it ends with this
# status. With any_width=1 its lines may be wider than the terminal, as those of SQL are.
run() {
  local began
  began=$(now)
  commands=$((commands + 1))
  printf '%s$ %s%s' "$bold" "$2" "$plain"
  open_terminal main "$2"
  if [ -n "${3:-}" ]; then
    until_shows main '\[y/N\]'
    press main "$3"$'\n'
  else
    fail_if_asked main
  fi
  ends main "$1"
  printf '  (%s s)\n' "$(since "$began")"
}

# Waits until the command ends; it must not ask meanwhile.
fail_if_asked() { # NAME
  while kill -0 "${terminal_pid[$1]}" 2>/dev/null; do
    ! tail -c 8 "$work/$1.typed" | grep -qF '[y/N] ' || fail "an unexpected question: $(tail -c 300 "$work/$1.typed")"
    sleep 0.05
  done
}

# shows REGEX: the screen of the last command that ended has it
shows() {
  grep -qE -- "$1" screen || fail "the screen has no '$1': $(tail -n 30 screen)"
  checks=$((checks + 1))
}
shows_not() { # REGEX
  ! grep -qE -- "$1" screen || fail "the screen has '$1': $(tail -n 30 screen)"
  checks=$((checks + 1))
}

# -- a browser

# in_browser WHAT SCRIPT ARGUMENT...: a part of the story in a real browser. Without one it says so, and
# returns false.
in_browser() {
  local what=$1 script=$2 status=0 began
  shift 2
  began=$(now)
  if ! command -v node >/dev/null; then
    printf '  skipped, because Node.js is not installed: %s\n' "$what"
    return 1
  fi
  node "$tests/stories/$script" "$@" || status=$?
  case $status in
    0)
      visits=$((visits + 1)) checks=$((checks + 1))
      printf '  in a browser: %s  (%s s)\n' "$what" "$(since "$began")"
      ;;
    77)
      printf '  skipped, because no Chromium is installed or starts: %s\n' "$what"
      return 1
      ;;
    *) fail "in a browser: $what" ;;
  esac
}
