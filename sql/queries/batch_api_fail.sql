select darkroom.economy_fail($1::uuid, $2::bigint, $3, $4::uuid, $5, $6::jsonb)
