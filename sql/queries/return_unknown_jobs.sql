select darkroom.return_unknown_jobs($1, $2)
