select darkroom.remaining_jobs($1)
