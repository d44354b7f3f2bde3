select darkroom.keep_answers($1, $2, $3, $4)
