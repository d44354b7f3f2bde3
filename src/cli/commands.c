/* commands.c - finds commands in the registered table. */
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/memory.h"
#include "cli/command.h"

static const struct command *const none[] = { NULL };
const struct command *const *commands = none;

const struct command *command_find(const char *name)
{
    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

bool command_refuse_subcommand(const char *word, const char *subcommands, const char *list,
                               struct error *err)
{
    struct closest_match closest = { .to = word };
    char *copy = xstrdup(subcommands), *saved = NULL;

    for (char *one = strtok_r(copy, " ", &saved); one; one = strtok_r(NULL, " ", &saved)) {
        closest_match_try(&closest, one);
    }
    error_set(err, ERROR_INPUT, "unknown subcommand '%.40s'", word);
    if (closest.word) {
        error_hint(err, "Did you mean %s? %s", closest.word, list);
    } else {
        error_hint(err, "%s", list);
    }
    free(copy);
    return false;
}

bool command_has_setting(const struct command *command, const char *setting)
{
    return setting_list_has(command->settings, setting) || strcmp(setting, "color") == 0;
}
