select darkroom.batch_api_mark_sent($1::uuid, $2::bigint, $3, $4::jsonb)
