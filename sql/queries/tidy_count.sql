select darkroom.tidy_count($1, $2::int)
