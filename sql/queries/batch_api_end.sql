select darkroom.economy_end($1::uuid, $2::bigint, $3, $4)
