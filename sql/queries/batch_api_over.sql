select darkroom.economy_over($1::uuid, $2::bigint, $3, $4::jsonb)
