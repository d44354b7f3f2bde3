select darkroom.begin_call($1, $2, $3, $4, $5, $6, $7, $8, $9)
