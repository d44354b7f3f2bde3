select darkroom.economy_leave($1::uuid, $2::bigint, $3, $4::uuid[])
