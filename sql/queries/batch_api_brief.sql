select darkroom.economy_brief($1::uuid, $2::bigint, $3, $4::uuid)
