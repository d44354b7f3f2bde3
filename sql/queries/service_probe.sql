select darkroom.begin_probe($1, $2, $3)
