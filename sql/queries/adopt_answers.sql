select darkroom.adopt_answers($1, $2, $3)
