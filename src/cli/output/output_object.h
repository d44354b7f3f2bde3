/* output_object.h - the objects that commands print with --json: each kind of object, with its
 * fields. `darkroom COMMAND --json-schema` and the reference assets/docs/json.md are generated from
 * these tables, and every object that an end-to-end test prints is compared with them. */
#ifndef CLI_OUTPUT_OUTPUT_OBJECT_H
#define CLI_OUTPUT_OUTPUT_OBJECT_H
#include <stdbool.h>

enum output_type { /* combined with | */
                   OUTPUT_TEXT = 1,
                   OUTPUT_INTEGER = 2,
                   OUTPUT_NUMBER = 4,
                   OUTPUT_BOOLEAN = 8,
                   OUTPUT_OBJECT = 16, /* as `object` says; with any members if that is NULL */
                   OUTPUT_LIST = 32,   /* of objects as `object` says; of texts if that is NULL */
                   OUTPUT_NULL = 64,
                   OUTPUT_OPTIONAL = 128, /* the field is missing in some objects */
                   OUTPUT_ANY = 256       /* any value */
};

struct output_object;

struct output_field {
    const char *name;    /* "*": the name of every member, in an object with names that are data */
    unsigned type;       /* of enum output_type */
    const char *meaning; /* with its unit; lower case, without a full stop at the end */
    const struct output_object *object;
    const char *values; /* the only values of a text: "queued|cancelled"; NULL: any */
};

/* The field that names the kind of an object, usually its first. */
#define OUTPUT_EVENT(kind)                                                                         \
    {                                                                                              \
        "event", OUTPUT_TEXT, .meaning = "kind of the object", .values = (kind)                    \
    }

struct output_object {
    const char *name; /* "retry-plan"; no other object has it */
    const char *meaning;
    const struct output_field *fields; /* ends with a row without a name */
    bool open; /* may have other members too: stored data, to which other versions and programs add
                */
    /* Instead of fields: the definition of this name in assets/bench/schema.json, which also
     * describes the files of `darkroom bench`. */
    const char *bench_definition;
};

/* Each list ends with NULL. The error object, which every command may print, is in none. */
extern const struct output_object output_error, output_version;
extern const struct output_object *const output_jobs[],
    *const output_enqueue[], *const output_status[], *const output_credits[];
extern const struct output_object *const output_regenerate[],
    *const output_batch[], *const output_decisions[], *const output_review[],
                                                          *const output_explain[];
extern const struct output_object *const output_demo[],
    *const output_make[], *const output_export[], *const output_plan[];
extern const struct output_object *const output_work[],
    *const output_dashboard[], *const output_stand_in[],
                                   *const output_migrate[],
                                       *const output_doctor[],
                                           *const output_tidy[],
                                               *const output_models[],
                                                   *const output_profile[],
                                                       *const output_config[],
                                                           *const output_bench[],
                                                               *const output_dev_graph[];
#endif
