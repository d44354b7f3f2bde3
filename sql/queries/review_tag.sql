select darkroom.review_tag($1, $2::int, $3::int, $4, $5::boolean)
