select darkroom.brief($1, $2, $3, $4)
