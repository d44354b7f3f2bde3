/* migrate_script.c - the statements of a migration and of its removal. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "queue/migrate_internal.h"

static void add_step(struct migrate_script *script, const char *name, struct text *sql)
{
    script->steps[script->count++] = (struct migrate_step){ .name = name, .sql = text_detach(sql) };
    text_end(sql);
}

static void add_file(struct migrate_script *script, const char *path)
{
    struct text sql;

    text_begin(&sql, SCHEMA_SCRIPT_BYTES);
    text_add(&sql, (const char *)embed_find(path)->data);
    add_step(script, NULL, &sql);
}

/* A file of sql/install, and the record that it is applied. */
static void add_install_file(struct migrate_script *script, const struct embedded *file)
{
    char sha256[DIGEST_TEXT];
    struct text sql;

    digest_hex(file->data, file->size, sha256);
    text_begin(&sql, SCHEMA_SCRIPT_BYTES);
    text_add(&sql, (const char *)file->data);
    text_printf(&sql,
                "\ninsert into darkroom.schema_file (name, sha256) values ('%s', '%s')\n"
                "on conflict (name) do update set sha256 = excluded.sha256, applied_at = now();\n",
                file->name, sha256);
    add_step(script, file->name, &sql);
}

static void add_version(struct migrate_script *script)
{
    struct text sql;

    text_begin(&sql, SCHEMA_SCRIPT_BYTES);
    text_printf(&sql,
                "insert into darkroom.schema_version (version, compatible_from) values (%d, %d)\n"
                "on conflict (only_row) do update set version = excluded.version,\n"
                "  compatible_from = excluded.compatible_from, changed_at = now();\n",
                install_version(), COMPATIBLE_FROM);
    add_step(script, NULL, &sql);
}

static void add_commit(struct migrate_script *script)
{
    struct text sql;

    text_begin(&sql, SCHEMA_SCRIPT_BYTES);
    text_add(&sql, "commit;\n");
    add_step(script, NULL, &sql);
}

bool migrate_script_build(struct migrate_script *script, const struct schema_state *state,
                          struct error *err)
{
    *script = (struct migrate_script){ 0 };
    add_file(script, "sql/migrate/begin.sql");
    add_file(script, "sql/migrate/lock.sql");
    add_file(script, "sql/migrate/record.sql");
    for (const struct embedded *file = NULL; (file = install_file_next(file));) {
        if (schema_state_has(state, file)) {
            continue;
        }
        if (script->count >= SCHEMA_FILES) {
            return error_set(err, ERROR_INTERNAL, "sql/install has more than %d files",
                             SCHEMA_FILES);
        }
        add_install_file(script, file);
    }
    add_file(script, "sql/migrate/finish.sql");
    add_version(script);
    add_commit(script);
    return true;
}

void migrate_script_build_undo(struct migrate_script *script)
{
    *script = (struct migrate_script){ 0 };
    add_file(script, "sql/migrate/begin.sql");
    add_file(script, "sql/migrate/lock.sql");
    add_file(script, "sql/uninstall.sql");
    add_commit(script);
}

void migrate_script_print(const struct migrate_script *script, struct text *out)
{
    for (int i = 0; i < script->count; i++) {
        if (script->steps[i].name) {
            text_printf(out, "\n-- ==== %s\n\n", script->steps[i].name);
        }
        text_add(out, script->steps[i].sql);
    }
}

void migrate_script_free(struct migrate_script *script)
{
    for (int i = 0; i < script->count; i++) {
        free(script->steps[i].sql);
    }
    script->count = 0;
}
