select darkroom.batch_create($1::jsonpath, $2::jsonb, $3::text[], $4::jsonb, $5::jsonb, $6::jsonb,
  $7::bigint, $8)
