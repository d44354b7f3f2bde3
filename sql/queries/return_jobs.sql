select darkroom.return_jobs($1, $2)
