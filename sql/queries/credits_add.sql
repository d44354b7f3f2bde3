select darkroom.add_credits($1, $2, $3, $4, $5)
