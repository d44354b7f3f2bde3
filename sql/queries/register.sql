select darkroom.register($1, $2, $3, $4)
