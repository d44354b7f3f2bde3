/* doctor_webhooks.h - whether events of jobs reach the operator's webhooks. */
#ifndef DOCTOR_DOCTOR_WEBHOOKS_H
#define DOCTOR_DOCTOR_WEBHOOKS_H
#include "doctor/doctor.h"

/* Warns about events that were given up or could not be delivered, with the last reason. */
void doctor_check_webhooks(struct doctor *doctor, struct doctor_finding *out);
#endif
