select darkroom.review_decide($1, $2::int, $3::int, $4, $5, $6::jsonb)
