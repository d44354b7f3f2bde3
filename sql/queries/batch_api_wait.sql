select darkroom.economy_wait($1::uuid, $2::bigint, $3, $4, $5::bigint, $6)
