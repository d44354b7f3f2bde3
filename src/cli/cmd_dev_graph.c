/* cmd_dev_graph.c - darkroom dev-graph: prints the tables that drive a job, for developers. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/command.h"
#include "jobs/engine/phase.h"
#include "jobs/job.h"
#include "term/table.h"

static const struct {
    unsigned flag;
    const char *name;
} step_flags[] = { { STEP_PAID, "paid" },
                   { STEP_ON_POOL, "on pool" },
                   { STEP_RETRY_IN_PLACE, "retried in place" },
                   { STEP_RATE_LIMITED, "rate limited" },
                   { STEP_OPTIONAL, "optional" } };

/* -- JSON ------------------------------------------------------------------------------------ */

static void print_node(cJSON *node)
{
    table_json(stdout, node, "graph-step");
    cJSON_Delete(node);
}

static cJSON *new_node(const char *name, const char *purpose, cJSON **flags)
{
    cJSON *node = cJSON_CreateObject();

    cJSON_AddStringToObject(node, "name", name);
    json_add_text(node, "purpose", purpose);
    *flags = cJSON_AddArrayToObject(node, "flags");
    return node;
}

static void print_phases_json(void)
{
    for (int i = 0; i < PHASE_COUNT; i++) {
        cJSON *flags, *node = new_node(phase_table[i].name, phase_table[i].purpose, &flags);
        cJSON *successors = cJSON_AddArrayToObject(node, "successors");

        for (int next = 0; next < PHASE_COUNT; next++) {
            if (phase_table[i].successors & PHASE_BIT(next)) {
                cJSON_AddItemToArray(successors, cJSON_CreateString(phase_table[next].name));
            }
        }
        print_node(node);
    }
}

static void print_steps_json(const struct job_type *type)
{
    for (int i = 0; i < type->step_count; i++) {
        const struct step *step = &type->steps[i];
        cJSON *flags, *node = new_node(step->name, step->purpose, &flags), *successors = NULL;

        for (size_t flag = 0; flag < sizeof step_flags / sizeof *step_flags; flag++) {
            if (step->flags & step_flags[flag].flag) {
                cJSON_AddItemToArray(flags, cJSON_CreateString(step_flags[flag].name));
            }
        }
        if (step->successors) {
            successors = cJSON_AddArrayToObject(node, "successors");
        } else {
            cJSON_AddNullToObject(node, "successors");
        }
        for (int next = 0; successors && next < type->step_count; next++) {
            if (step->successors & (UINT32_C(1) << next)) {
                cJSON_AddItemToArray(successors, cJSON_CreateString(type->steps[next].name));
            }
        }
        print_node(node);
    }
}

/* -- text and Graphviz ------------------------------------------------------------------------ */

static void print_phases(bool dot)
{
    printf(dot ? "digraph engine {\n" : "Phases of a step:\n");
    for (int i = 0; i < PHASE_COUNT; i++) {
        const struct phase_definition *row = &phase_table[i];
        bool first = true;

        if (dot) {
            printf("  %s [tooltip=\"%s\"];\n", row->name, row->purpose);
        } else {
            printf("\n%s\n  %s\n", row->name, row->purpose);
        }
        for (int next = 0; next < PHASE_COUNT; next++) {
            if (!(row->successors & PHASE_BIT(next))) {
                continue;
            }
            if (dot) {
                printf("  %s -> %s;\n", row->name, phase_table[next].name);
            } else {
                printf("%s%s", first ? "  -> " : ", ", phase_table[next].name);
            }
            first = false;
        }
        printf(dot || first ? "" : "\n");
    }
    printf(dot ? "}\n" : "");
}

static void print_flags(const struct step *step)
{
    bool first = true;

    for (size_t i = 0; i < sizeof step_flags / sizeof *step_flags; i++) {
        if (step->flags & step_flags[i].flag) {
            printf("%s%s", first ? "" : ", ", step_flags[i].name);
            first = false;
        }
    }
}

static void print_successors(const struct job_type *type, int row, bool dot)
{
    const struct step *step = &type->steps[row];
    const char *separator = "-> ";

    for (int next = 0; next < type->step_count; next++) {
        if (!(step->successors & (UINT32_C(1) << next))) {
            continue;
        }
        if (dot) {
            printf("  %s -> %s;\n", step->name, type->steps[next].name);
        } else {
            printf("%s%s", *separator == '-' ? "      -> " : separator, type->steps[next].name);
            separator = ", ";
        }
    }
    printf(dot ? "" : *separator == '-' ? "      -> the attempt ends\n" : "\n");
}

/* A paid step may be called again by a step after it. A step without declared successors is
 * followed by the next row, or by a jump that is decided at run time. */
static void print_steps(const struct job_type *type, bool dot)
{
    if (dot) {
        printf("digraph \"%s\" {\n", type->name);
    } else {
        printf("Steps of %s, in their order:\n\n", type->name);
    }
    for (int i = 0; i < type->step_count; i++) {
        const struct step *step = &type->steps[i];

        printf(dot ? "  %s [label=\"%s\\n" : "  %-18s ", step->name, step->name);
        print_flags(step);
        printf(dot ? "\"];\n" : "\n");
        if (step->purpose && !dot) {
            printf("      %s\n", step->purpose);
        }
        if (step->successors) {
            print_successors(type, i, dot);
        } else if (dot && i + 1 < type->step_count) {
            printf("  %s -> %s;\n", step->name, type->steps[i + 1].name);
        }
    }
    printf(dot ? "}\n" : "");
}

static int run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    const struct job_type *type = job_type_find(argv[0]);
    bool dot = argc > 1 && strcmp(argv[1], "dot") == 0, json = setting_flag(settings, "json");

    if (dot && json) {
        error_set(err, ERROR_INPUT, "'dot' and --json exclude each other");
    } else if (argc > 1 && !dot) {
        error_set(err, ERROR_INPUT, "unknown format '%.40s'", argv[1]);
        error_hint(err, "Leave it out for text, or write 'dot' for Graphviz.");
    } else if (strcmp(argv[0], "engine") == 0) {
        json ? print_phases_json() : print_phases(dot);
    } else if (type) {
        json ? print_steps_json(type) : print_steps(type, dot);
    } else {
        error_set(err, ERROR_INPUT, "no graph is named '%.60s'", argv[0]);
        error_hint(err, "Write 'engine' or a job type, for example 'generate-image'.");
    }
    return 0;
}

static const char *const settings_taken[] = { "json", NULL };

const struct command command_dev_graph = {
    .name = "dev-graph",
    .arguments = "engine|JOB-TYPE [dot]",
    .summary = "for developers: print the phases of the engine or the steps of a job type",
    .examples = "  darkroom dev-graph engine\n"
                "  darkroom dev-graph generate-image dot | dot -Tsvg > steps.svg\n",
    .settings = settings_taken,
    .output = output_dev_graph,
    .min_arguments = 1,
    .max_arguments = 2,
    .for_developers = true,
    .run = run,
};
