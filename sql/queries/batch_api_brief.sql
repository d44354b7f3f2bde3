select darkroom.batch_api_brief($1::uuid, $2::bigint, $3, $4::uuid)
