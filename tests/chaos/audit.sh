# shellcheck shell=bash
# audit.sh - the auditor. Reads the database with its own SQL, the objects that the stand-in has stored,
# and the stand-in's journal; shares no code with the worker. Prints one line "finding|id" for each
# broken promise.

audit_database() { psql -XAtq -v ON_ERROR_STOP=1 app -f "$tests/chaos/audit.sql"; }

is_whole() { # FILE: a PNG or JPEG file with its last marker
  case $(head -c 4 "$1" | od -An -tx1 | tr -d ' ') in
    89504e47) [ "$(tail -c 8 "$1" | od -An -tx1 | tr -d ' ')" = 49454e44ae426082 ] ;;
    ffd8*) [ "$(tail -c 2 "$1" | od -An -tx1 | tr -d ' ')" = ffd9 ] ;;
    *) false ;;
  esac
}

# Every image row leads to a whole object of the stated size. Every object of a project has a row, unless
# the project is deleted, or one of its jobs was deleted or changed.
audit_objects() {
  local url size id path file
  query 'select url, size, id from "GeneratedImage" order by id' >"$work/rows"
  : >"$work/referenced"
  while IFS='|' read -r url size id; do
    path=${url#*/storage/v1/object/public/}
    file=$work/objects/$path
    printf '%s\n' "$path" >>"$work/referenced"
    if [ ! -e "$file" ]; then
      echo "object missing|$id"
    elif [ "$(stat -c %s "$file")" -ne "$size" ] || ! is_whole "$file"; then
      echo "object damaged|$id"
    fi
  done <"$work/rows"
  # A composed image has a plate beside it.
  query "select d.detail->'plate'->>'url', g.id from darkroom.image_detail d
           join \"GeneratedImage\" g on g.id = d.image_id where d.detail->'plate' ? 'url' order by 2" >"$work/plates"
  while IFS='|' read -r url id; do
    path=${url#*/storage/v1/object/public/}
    printf '%s\n' "$path" >>"$work/referenced"
    { [ -e "$work/objects/$path" ] && is_whole "$work/objects/$path"; } || echo "plate missing or damaged|$id"
  done <"$work/plates"
  [ ! -d "$work/objects/generated-images" ] || (cd "$work/objects" && find generated-images -type f) |
    sort | comm -23 - <(sort "$work/referenced") >"$work/orphans"
  query "select p.id from \"Project\" p where not exists (
           select 1 from chaos.job j where j.user_id = p.\"userId\" and (j.id::text in (select id from chaos.deleted)
             or j.id::text in (select id from chaos.tampered)))" >"$work/intact"
  awk -F / 'NR == FNR { intact[$1] = 1; next } $3 in intact { print "object without a row|" $0 }' \
    "$work/intact" "$work/orphans"
}

# Image calls, by the first part of their prompt: it holds the product's name, and each product has one
# job per image type. A call is paid twice if an earlier call with the same prompt had been answered
# completely before it began, the image was good, and a worker was there to receive it.
audit_calls() {
  query "select request_id from darkroom.model_call where outcome <> 'ok' and request_id is not null" \
    >"$work/rejected"
  jq -R -r 'fromjson? | select(.images > 0) |
      (.time | capture("\\.(?<ms>[0-9]+)Z$").ms | tonumber) as $ms |
      ((.time | sub("\\.[0-9]+Z$"; "Z") | fromdate) * 1000 + $ms) as $begun |
      [$begun, $begun + .took_ms, (if .left or .status != 200 or .fault != "" then "lost" else "sent" end),
       .request_id, .prompt] | @tsv' "$work/journal" |
    sort -n | awk -F '\t' -v deaf="$work/deaf" -v rejected="$work/rejected" '
      BEGIN {
        while ((getline line < deaf) > 0) { split(line, d, " "); from[++n] = d[1]; until[n] = d[2] }
        while ((getline line < rejected) > 0) bad[line] = 1
      }
      {
        calls++
        if ($5 in answered && answered[$5] < $1) print "paid twice, although the answer had arrived|" $5
        else if ($5 in seen) again++
        seen[$5] = 1
        arrived = $3 == "sent" && !($4 in bad)
        for (i = 1; i <= n && arrived; i++) if ($2 >= from[i] && $2 <= until[i]) arrived = 0
        if (arrived && !($5 in answered)) answered[$5] = $2
      }
      END { printf "%d %d\n", calls, again > "/dev/stderr" }' 2>"$work/calls"
}

audit() { audit_database; audit_objects; audit_calls; }
