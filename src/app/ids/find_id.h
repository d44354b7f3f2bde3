/* find_id.h - ids as operators type them: their first characters are enough if they are unique. */
#ifndef APP_IDS_FIND_ID_H
#define APP_IDS_FIND_ID_H
#include "app/database.h"

enum id_kind {
    ID_JOB,
    ID_IMAGE /* or a job that makes one */,
    ID_PROJECT,
    ID_BATCH,
    ID_USER /* also by e-mail address */
};
enum { ID_TEXT = 256 };

/* Writes the id that `given` means. ERROR_INPUT if it means none; if it could mean several, the
 * hint lists them. */
bool find_id(struct sql_session *session, enum id_kind kind, const char *given, char out[ID_TEXT],
             struct error *err) MUST_CHECK;
/* The same, but a text that matches nothing stays as it is: for callers whose own message says
 * more. `given` may be out. */
bool find_id_or_keep(struct sql_session *session, enum id_kind kind, const char *given,
                     char out[ID_TEXT], struct error *err) MUST_CHECK;
/* The same for a list, one per line, such as the value of a repeatable flag: as find_id_or_keep if
 * `keep`, else as find_id. NULL stays NULL. The caller frees *out. */
bool find_ids(struct sql_session *session, enum id_kind kind, const char *lines, bool keep,
              char **out, struct error *err) MUST_CHECK;
#endif
