select darkroom.renew($1, $2, $3)
