/* cmd_stand_in.c - darkroom stand-in: a local server that imitates a model API and Supabase
 * Storage. */
#include <signal.h>
#include <stdio.h>

#include "cli/command.h"
#include "io/open_files.h"
#include "standin/standin.h"

static const char *const names[] = {
    "port",    "accept-key", "latency",       "stratify", "fault",
    "faults",  "seed",       "body-bytes",    "limit",    "limit-concurrency",
    "journal", "objects",    "save-requests", "json",     NULL
};

static int stand_in_run(const struct settings *settings, int argc, char **argv, struct error *err)
{
    struct standin_config config = {
        .port = (int)setting_int(settings, "port"),
        .key = setting_text(settings, "accept-key"),
        .latency = setting_text(settings, "latency"),
        .quantiles_per_set = (int)setting_int(settings, "stratify"),
        .faults = setting_text(settings, "fault"),
        .faults_file = setting_text(settings, "faults"),
        .seed = (uint64_t)setting_int(settings, "seed"),
        .body_bytes = setting_int(settings, "body-bytes"),
        .limit_rpm = (int)setting_int(settings, "limit"),
        .limit_concurrency = (int)setting_int(settings, "limit-concurrency"),
        .journal = setting_text(settings, "journal"),
        .store = setting_text(settings, "objects"),
        .save_requests = setting_text(settings, "save-requests"),
    };
    struct standin *standin;
    struct error ignored;
    sigset_t ends;
    int signal;

    (void)argc;
    (void)argv;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL); /* before threads start, because they inherit it */
    (void)!open_files_raise_limit(STANDIN_CONNECTIONS, &ignored); /* a lower limit still works */
    if (!standin_start(&config, &standin, err)) {
        return 0;
    }
    printf(setting_flag(settings, "json")
               ? "{\"event\":\"listening\",\"url\":\"http://127.0.0.1:%d\"}\n"
               : "listening on http://127.0.0.1:%d\n",
           standin_port(standin));
    fflush(stdout);
    sigwait(&ends, &signal);
    standin_stop(standin);
    return 0;
}

const struct command command_stand_in = {
    .name = "stand-in",
    .arguments = "",
    .summary = "run a local server that imitates the model API and Supabase Storage",
    .examples = "  darkroom stand-in --port 4010\n"
                "  darkroom stand-in --port 0 --json     # a free port; prints its address\n"
                "  darkroom stand-in --latency lognormal:12000:36000 --seed 7\n"
                "  darkroom stand-in --fault rate=0.05,status=429,retry-after=1\n"
                "  darkroom stand-in --fault as=url,count=3\n",
    .settings = names,
    .output = output_stand_in,
    .min_arguments = 0,
    .max_arguments = 0,
    .run = stand_in_run,
};
