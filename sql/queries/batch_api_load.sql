select darkroom.economy_load($1::uuid, $2::bigint, $3)
