/* settings_internal.h - the table's rows, and where values are read from. */
#ifndef CLI_SETTINGS_INTERNAL_H
#define CLI_SETTINGS_INTERNAL_H
#include "cli/settings.h"

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_FLAG, SETTING_SECRET, SETTING_LIST };

struct setting {
    const char *name; /* of the flag, without dashes */
    enum setting_type type;
    const char *argument;    /* what --help calls its value; NULL: a flag, or a secret */
    const char *environment; /* names, the first that is set wins */
    const char *fallback;
    int64_t least, most; /* of a number */
    const char *help;
};

const struct setting *setting_at(int index); /* NULL: past the end */
const struct setting *setting_find(const char *name);

/* Reads the flags that `taken` names out of argv (what is left are arguments: *argc of them), then
 * environment, files, defaults. ERROR_INPUT for bad use. Freed with settings_free. */
bool settings_read(const char *const *taken, int *argc, char **argv, struct settings **out,
                   struct error *err) MUST_CHECK;
void settings_free(struct settings *settings);

/* .env.local and .env of the folder where darkroom was started; the first has precedence. */
struct dotenv;
struct dotenv *dotenv_read(void);
void dotenv_free(struct dotenv *files);
/* *file: which of the two it came from. NULL: in neither. */
const char *dotenv_find(const struct dotenv *files, const char *name, const char **file);
/* Adds the pairs of one file's text; for tests. */
void dotenv_parse(struct dotenv *files, const char *file, const char *text);
struct dotenv *dotenv_new(void);
#endif
