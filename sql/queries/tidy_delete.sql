select darkroom.tidy_delete($1, $2::int, 1000)
