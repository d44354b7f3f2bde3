select darkroom.economy_sent($1::uuid, $2::bigint, $3, $4::jsonb)
