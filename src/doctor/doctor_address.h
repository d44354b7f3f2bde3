/* doctor_address.h - what to check if a server cannot be reached. */
#ifndef DOCTOR_DOCTOR_ADDRESS_H
#define DOCTOR_DOCTOR_ADDRESS_H
#include "doctor/finding.h"
#include "settings/settings.h"

/* Adds a hint to a finding that has none: what to check about the address that the setting `name`
 * holds. NULL, or a setting without a value: about the network of this machine. */
void doctor_address_hint(const struct settings *settings, const char *name,
                         struct doctor_finding *out);
#endif
