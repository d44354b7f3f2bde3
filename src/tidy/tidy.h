/* tidy.h - finds and removes what deleted jobs, images, projects and users left behind, and rows
 * and files that are older than the operator keeps.
 *
 * Everything is done in small steps that can be interrupted and repeated: one request to the store
 * for up to STORE_REMOVES objects, or one transaction for up to 1,000 rows. The record of an object
 * is deleted only after the store has confirmed the removal. Two processes may run at once: each
 * object and row is counted by the process that deleted its row. */
#ifndef TIDY_TIDY_H
#define TIDY_TIDY_H
#include <signal.h>

#include "app/database.h"
#include "app/store_client.h"

enum tidy_source { TIDY_OBJECTS, TIDY_ROWS, TIDY_SPOOL };

struct tidy_kind {
    const char *name;  /* in --json, and the argument of darkroom.tidy_delete */
    const char *title; /* for the table: "jobs" */
    enum tidy_source source;
    const char *days_setting; /* how old; NULL: what is left behind, regardless of age */
};

/* In the order of their removal. Ends with a row without a name. */
extern const struct tidy_kind tidy_kinds[];

struct tidy {
    const struct settings *settings;
    struct sql_session *session;
    struct store_client store_client;
    const volatile sig_atomic_t *stop; /* set by a signal: end after the current step */
    void (*on_step)(void *context);    /* called after each step of a removal or of a count */
    void *context;
};

struct tidy_result { /* of one kind */
    int64_t count, bytes;
    int64_t missing; /* objects: of `count`, those that the store does not have any more */
};

/* False if the kind is limited by age and its setting keeps all. */
bool tidy_kind_selected(const struct tidy *tidy, const struct tidy_kind *kind);
/* Finds what would be removed, and changes nothing. */
bool tidy_count(struct tidy *tidy, const struct tidy_kind *kind, struct tidy_result *out,
                struct error *err) MUST_CHECK;
/* Removes it. After a failure or a signal, *out holds what was removed until then. */
bool tidy_remove(struct tidy *tidy, const struct tidy_kind *kind, struct tidy_result *out,
                 struct error *err) MUST_CHECK;

/* Calls `found` for each object in the store that neither darkroom recorded nor any row names,
 * below the folders of the users that the database knows. Changes nothing. */
bool tidy_list_unknown(struct tidy *tidy,
                       void (*found)(const char *path, int64_t bytes, void *context), void *context,
                       struct error *err) MUST_CHECK;
#endif
