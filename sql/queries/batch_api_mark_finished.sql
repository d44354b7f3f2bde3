select darkroom.batch_api_mark_finished($1::uuid, $2::bigint, $3, $4::jsonb)
