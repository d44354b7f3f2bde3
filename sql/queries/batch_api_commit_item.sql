select darkroom.batch_api_commit_item($1::uuid, $2::bigint, $3, $4::uuid, $5::jsonb, $6::jsonb)
