/* watch.c - the loop of --watch. */
#include "cli/jobs/watch.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "term/screen.h"
#include "term/term.h"
#include "term/term_wrap.h"

enum { INTERVAL_MS = 1000, LONGEST_MS = 60 * 1000, SHARE = 20 };

struct watching {
    const struct repeated_view *watch;
    struct sql_session *session;
    cJSON *data;          /* the last that was read; NULL before */
    struct error trouble; /* ERROR_NONE while the database answers */
    int64_t interval_ms;
};

static struct sql_session *open_session(const struct repeated_view *watch, struct error *err)
{
    struct database_url url;
    struct sql_session *session;

    if (!database_url_of(watch->settings, &url, err)) {
        return NULL;
    }
    session = sql_open_stoppable(&url, watch->command, &screen_stopped, err);
    database_url_free(&url);
    return session;
}

/* Reads the data anew. False with the reason in `trouble`. */
static bool read_data(struct watching *watching)
{
    int64_t began_us = clock_mono_us(), took_ms;
    cJSON *data = NULL;

    watching->trouble = (struct error){ .kind = ERROR_NONE };
    if (!watching->session) {
        watching->session = open_session(watching->watch, &watching->trouble);
    }
    if (!watching->session || !watching->watch->read(watching->session, watching->watch->context,
                                                     &data, &watching->trouble)) {
        sql_close(watching->session);
        watching->session = NULL;
        watching->interval_ms = INTERVAL_MS;
        return false;
    }
    cJSON_Delete(watching->data);
    watching->data = data;
    took_ms = (clock_mono_us() - began_us) / 1000 * SHARE;
    watching->interval_ms = took_ms < INTERVAL_MS  ? INTERVAL_MS
                            : took_ms > LONGEST_MS ? LONGEST_MS
                                                   : took_ms;
    return true;
}

static void draw(struct watching *watching)
{
    char *text = NULL;
    size_t size = 0;
    FILE *page = open_memstream(&text, &size);

    if (!page) {
        return;
    }
    term_mirror(page, stdout);
    if (watching->trouble.kind != ERROR_NONE) {
        term_print_wrapped(page, STYLE_BAD, watching->trouble.text);
        term_print_wrapped(page, STYLE_DIM, "Trying again. q ends this page.");
    }
    if (watching->data) {
        watching->watch->draw(page, watching->watch->context, watching->data);
    }
    term_mirror(NULL, NULL);
    fclose(page);
    screen_draw(text);
    free(text);
}

static void watch_on_screen(struct watching *watching)
{
    enum screen_event event = SCREEN_TICK;
    int64_t due_us = 0;

    while (event != SCREEN_QUIT) {
        int64_t left_ms;

        if (clock_mono_us() >= due_us) {
            (void)read_data(watching);
            due_us = clock_mono_us() + watching->interval_ms * 1000;
        }
        if (!screen_stopped && event != SCREEN_KEY) {
            draw(watching);
        }
        left_ms = (due_us - clock_mono_us()) / 1000 + 1;
        event = screen_wait(left_ms > 0 ? left_ms : 0);
    }
}

/* Ends with the reader, or with a signal. */
static void watch_as_lines(struct watching *watching, struct error *err)
{
    while (!ferror(stdout)) {
        struct timespec pause;

        if (read_data(watching)) {
            watching->watch->print(stdout, watching->watch->context, watching->data);
            fflush(stdout);
        } else if (error_rule(watching->trouble.kind)->retry) {
            fprintf(stderr, "%s; trying again\n", watching->trouble.text);
        } else {
            *err = watching->trouble;
            return;
        }
        pause = (struct timespec){ .tv_sec = watching->interval_ms / 1000,
                                   .tv_nsec = watching->interval_ms % 1000 * 1000000 };
        nanosleep(&pause, NULL);
    }
}

int watch_run(const struct repeated_view *watch, struct error *err)
{
    struct watching watching = { .watch = watch };
    int number = 0;

    if (!read_data(&watching)) { /* a wrong setting or a missing schema is an error, not a page */
        *err = watching.trouble;
        return error_rule(err->kind)->exit_status;
    }
    if (term_is_live(stdout)) {
        screen_open();
        watch_on_screen(&watching);
        number = screen_close();
    } else {
        watch_as_lines(&watching, err);
    }
    sql_close(watching.session);
    cJSON_Delete(watching.data);
    return err->kind != ERROR_NONE ? error_rule(err->kind)->exit_status
           : number                ? EXIT_STATUS_INTERRUPTED
                                   : EXIT_STATUS_OK;
}
