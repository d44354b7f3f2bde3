# shellcheck shell=bash
# sql.sh - a database with the host application's tables, and assertions on it: source it after
# cluster.sh. Each test of tests/sql starts with sql_begin.

checks=0
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
ask() { psql -XAtq -v ON_ERROR_STOP=1 "${database:-app}" -c "$1"; }

is() { # WHAT SQL EXPECTED: the statement must return exactly this value
  local got
  got=$(ask "$2") || fail "$1: $2"
  [ "$got" = "$3" ] || fail "$1: '$got', expected '$3'"
  checks=$((checks + 1))
}

sql_database() { # NAME: creates it with the host application's tables and selects it for ask
  database=$1
  createdb "$database"
  psql -Xq -v ON_ERROR_STOP=1 "$database" -f "$DARKROOM_SOURCE/sql/host_application.sql"
  export DATABASE_URL="postgresql:///$database?host=$PGHOST&user=postgres"
}

sql_begin() {
  cluster_start
  sql_database app
}

seller() { # NAME [CREDITS]: creates a seller with project p-NAME and credits
  ask "insert into \"User\" (id, email, \"updatedAt\") values ('$1', '$1@example.com', now());
       insert into \"Project\" (id, \"userId\", name, \"productName\", \"updatedAt\")
         values ('p-$1', '$1', 'Cup', 'Clay Cup', now());
       insert into \"CreditTransaction\" (id, \"userId\", amount, type)
         values ('bought-$1', '$1', ${2:-500}, 'PURCHASE')"
}

order() { # USER CREDITS JOB_TYPE PAYLOAD: charges and inserts a job, as the application does; prints its id
  ask "insert into \"CreditTransaction\" (id, \"userId\", amount, type)
         values (gen_random_uuid()::text, '$1', -$2, 'USAGE');
       insert into job_queue (job_type, payload, user_id) values ('$3', '$4', '$1') returning id"
}

balance() { ask "select coalesce(sum(amount), 0) from \"CreditTransaction\" where \"userId\" = '$1'"; }
invariants() {
  local broken
  broken=$(psql -XAtq -v ON_ERROR_STOP=1 "${database:-app}" -f "$DARKROOM_SOURCE/tests/lib/invariants.sql")
  [ -z "$broken" ] || fail "${1:-an invariant} is broken: $broken"
  checks=$((checks + 1))
}
types="'{generate-image,generate-complete-pack,generate-aplus}'"
claim() { # WORKER [SLOTS]: claims jobs of $types and prints a line "id lease" for each
  ask "select r->>'id' || ' ' || (r->>'lease')
         from jsonb_array_elements(darkroom.claim_jobs('$1', ${2:-64}, $types, 60000)) r"
}
# shellcheck disable=SC2034 # for the tests
image='{"type":"LIFESTYLE","style":"","url":"http://x/storage/v1/object/public/generated-images/a","width":1,"height":1,"size":1}'
