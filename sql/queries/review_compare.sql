select darkroom.review_compare($1, $2::int, $3::int, $4)
