select darkroom.economy_refused($1::uuid, $2::bigint, $3)
