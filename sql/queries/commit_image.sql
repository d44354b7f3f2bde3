select darkroom.commit_image($1, $2, $3, $4, $5)
