/* routes.h - from a request that has come in whole to its route: key, limits, faults, latency. */
#ifndef STANDIN_ROUTES_H
#define STANDIN_ROUTES_H
#include "standin/standin_internal.h"

/* Fills request->answer, or sets phase to PHASE_WAITING with due_us (and maybe cook). */
void routes_take(struct standin_request *request);
#endif
