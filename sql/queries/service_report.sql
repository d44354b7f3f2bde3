select darkroom.report_service($1, $2)
