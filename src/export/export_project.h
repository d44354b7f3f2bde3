/* export_project.h - finds the project of an export in the database. */
#ifndef EXPORT_EXPORT_PROJECT_H
#define EXPORT_EXPORT_PROJECT_H
#include "app/database.h"

/* Loads the project that a text means: its id, the beginning of its id, or its name or product name
 * without regard to case. ERROR_INPUT if there is none, or more than one: the hint lists them. The
 * caller deletes *out, the result of the query export_load. */
bool export_project_load(struct sql_session *session, const char *text, cJSON **out,
                         struct error *err) MUST_CHECK;
#endif
