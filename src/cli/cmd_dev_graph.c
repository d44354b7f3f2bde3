/* cmd_dev_graph.c - darkroom dev-graph: prints the tables that drive a job, for developers. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "jobs/engine/phase.h"
#include "jobs/job.h"

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
    static const struct {
        unsigned flag;
        const char *name;
    } flags[] = { { STEP_PAID, "paid" },
                  { STEP_ON_POOL, "on pool" },
                  { STEP_RETRY_IN_PLACE, "retried in place" },
                  { STEP_RATE_LIMITED, "rate limited" },
                  { STEP_OPTIONAL, "optional" } };
    bool first = true;

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (step->flags & flags[i].flag) {
            printf("%s%s", first ? "" : ", ", flags[i].name);
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
    bool dot = argc > 1 && strcmp(argv[1], "dot") == 0;

    (void)settings;
    if (argc > 1 && !dot) {
        error_set(err, ERROR_INPUT, "unknown format '%.40s'", argv[1]);
        error_hint(err, "Leave it out for text, or write 'dot' for Graphviz.");
    } else if (strcmp(argv[0], "engine") == 0) {
        print_phases(dot);
    } else if (type) {
        print_steps(type, dot);
    } else {
        error_set(err, ERROR_INPUT, "no graph is named '%.60s'", argv[0]);
        error_hint(err, "Write 'engine' or a job type, for example 'generate-image'.");
    }
    return 0;
}

static const char *const settings_taken[] = { NULL };

const struct command command_dev_graph = {
    .name = "dev-graph",
    .arguments = "engine|JOB-TYPE [dot]",
    .summary = "for developers: print the phases of the engine or the steps of a job type",
    .examples = "  darkroom dev-graph engine\n"
                "  darkroom dev-graph generate-image dot | dot -Tsvg > steps.svg\n",
    .settings = settings_taken,
    .min_arguments = 1,
    .max_arguments = 2,
    .for_developers = true,
    .run = run,
};
