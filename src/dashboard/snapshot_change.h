/* snapshot_change.h - what changed between two snapshots of the dashboard. */
#ifndef DASHBOARD_SNAPSHOT_CHANGE_H
#define DASHBOARD_SNAPSHOT_CHANGE_H
#include "base/json.h"

/* Compares the members of two objects. Returns NULL if they are equal; else an object, which the
 * caller deletes, with
 *   set: the members that changed as a whole, null if they are gone;
 *   rows: of lists whose elements have an "id", the elements that are new or changed, and, if the
 *     order or the number of elements changed, all ids in order:
 *     {"workers": {"rows": [...], "ids": [...]}}. */
cJSON *snapshot_change(const cJSON *before, const cJSON *after);
#endif
