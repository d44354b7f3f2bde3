/* routes.h - dispatches a completely received request: key, limits, faults, latency, route. */
#ifndef STANDIN_ROUTES_H
#define STANDIN_ROUTES_H
#include "standin/standin_internal.h"

/* Sets request->answer, or sets phase to PHASE_WAITING with due_us and possibly a handler. */
void routes_handle(struct standin_request *request);
#endif
