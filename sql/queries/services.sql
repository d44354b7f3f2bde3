select darkroom.service_list()
