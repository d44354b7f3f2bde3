select darkroom.pause_claims($1, $2, $3, $4::text[])
