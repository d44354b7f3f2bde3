select darkroom.batch_api_begin_call($1::uuid, $2::bigint, $3, $4::uuid, $5, $6, $7::jsonb)
