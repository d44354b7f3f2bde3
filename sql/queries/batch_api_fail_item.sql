select darkroom.batch_api_fail_item($1::uuid, $2::bigint, $3, $4::uuid, $5, $6::jsonb, $7)
