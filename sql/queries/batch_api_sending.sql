select darkroom.economy_sending($1::uuid, $2::bigint, $3, $4)
