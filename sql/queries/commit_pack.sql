select darkroom.commit_pack($1, $2, $3, $4, $5)
