select darkroom.renew($1, $2, $3) || darkroom.services_in_trouble($1)
