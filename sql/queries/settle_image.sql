select darkroom.settle_image($1, $2, $3, $4, $5)
