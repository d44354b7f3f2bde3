/* test_services.c - which jobs may use a service, and which job types may be claimed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "jobs/engine/services.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static const char job[] = "11111111-1111-4111-8111-111111111111";
static const char other_job[] = "22222222-2222-4222-8222-222222222222";
static const struct provider provider = { .name = "p" }, local = { .name = "l", .local = true };
static const struct model image = { .id = "image", .provider = "p", .tasks = TASK_IMAGE };
static const struct model text = { .id = "text", .provider = "p", .tasks = TASK_TEXT };
static const struct error key = { .kind = ERROR_KEY }, remote = { .kind = ERROR_REMOTE };
static struct job_context context;
static struct services services;

static int begin(void **state)
{
    (void)state;
    context = (struct job_context){ .image = { .provider = &provider, .model = &image },
                                    .features = { .provider = &provider, .model = &text },
                                    .aplus = { .provider = &local, .model = &text },
                                    .store = store_find("folder"),
                                    .bucket = "b" };
    services_init(&services, &context, 30 * SECOND);
    return 0;
}

static struct service *model_of(const struct model *model)
{
    return services_of_model(&services, &provider, model);
}

static void services_of_the_workers_own_models_are_known(void **state)
{
    (void)state;
    assert_int_equal(services.count, 5); /* a provider, two models, store, tables: nothing local */
    assert_non_null(services_find(&services, "database/tables"));
    assert_non_null(services_find(&services, "provider/p"));
    assert_non_null(services_find(&services, "model/p/image"));
    assert_non_null(services_find(&services, "model/p/text"));
    assert_non_null(services_find(&services, "store/folder/b"));
    assert_null(services_of_provider(&services, &local, &text));
    assert_ptr_equal(model_of(&image), services_find(&services, "model/p/image"));
}

static void more_services_than_fit_have_no_state(void **state)
{
    static char ids[MAX_SERVICES][20];
    static struct model models[MAX_SERVICES];

    (void)state;
    for (int i = 0; i < MAX_SERVICES; i++) {
        snprintf(ids[i], sizeof ids[i], "m%d", i);
        models[i] = (struct model){ .id = ids[i] };
        model_of(&models[i]);
    }
    assert_int_equal(services.count, MAX_SERVICES);
    assert_null(model_of(&models[MAX_SERVICES - 1]));
    service_failed(&services, NULL, &key, 0, 0);
    service_succeeded(NULL, 0, 0, 0);
    assert_int_equal(services_gate(&services, NULL, job, 0), GATE_OPEN);
}

static void a_stopped_service_is_open_for_the_trial_only(void **state)
{
    struct service *service = model_of(&image);

    (void)state;
    assert_int_equal(services_gate(&services, service, job, 5), GATE_OPEN);
    service_failed(&services, service, &key, 10, 10);
    assert_true(service->to_report);
    assert_int_equal(services_gate(&services, service, job, 20), GATE_CLOSED);
    service->trial = true;
    snprintf(services.trial_job, sizeof services.trial_job, "%s", job);
    assert_int_equal(services_gate(&services, service, job, 20), GATE_OPEN);
    assert_int_equal(services_gate(&services, service, other_job, 20), GATE_CLOSED);
    service_succeeded(service, 30, 40, 0);
    assert_false(service->trial);
    assert_int_equal(services_gate(&services, service, other_job, 50), GATE_OPEN);
}

static void only_a_probe_or_a_trial_counts_while_a_service_is_stopped(void **state)
{
    struct service *service = model_of(&image);

    (void)state;
    service_failed(&services, service, &key, 10, 10);
    service_failed(&services, service, &key, 20, 20); /* a job that was about to call it */
    assert_int_equal(service->state.failures, 0);
    service->probing = true;
    service_failed(&services, service, &remote, 30, 30);
    assert_int_equal(service->state.failures, 1);
    assert_int_equal(service->state.status, SERVICE_FAILING);
}

static void nothing_is_bought_before_the_store_is_checked(void **state)
{
    struct service *store = services_of_store(&services, &context);
    bool on_trial;

    (void)state;
    assert_int_equal(services_gate(&services, store, job, 0), GATE_OPEN); /* nothing checks it */
    services.verifies_store = true;
    assert_ptr_equal(services_blocking(&services, &context, NEEDS_STORE, &on_trial), store);
    assert_int_equal(services_gate(&services, store, job, 1000), GATE_WAIT);
    assert_true(store->check_wanted);
    store->check_wanted = false;
    service_succeeded(store, 1000, 1000, 0);
    assert_int_equal(services_gate(&services, store, job, 1000 + 60 * SECOND), GATE_OPEN);
    assert_null(services_blocking(&services, &context, NEEDS_STORE, &on_trial));
    assert_int_equal(services_gate(&services, store, job, 2000 + 60 * SECOND),
                     GATE_WAIT); /* idle */
    store->check_wanted = false;
    service_succeeded(store, 100 * SECOND, 100 * SECOND, 0);
    service_failed(&services, store, &remote, 101 * SECOND, 101 * SECOND); /* after an error */
    assert_int_equal(services_gate(&services, store, job, 102 * SECOND), GATE_WAIT);
}

static void job_types_are_claimed_unless_they_need_a_stopped_service(void **state)
{
    bool on_trial;

    (void)state;
    service_failed(&services, model_of(&text), &key, 10, 10);
    assert_ptr_equal(services_blocking(&services, &context, NEEDS_FEATURES_MODEL, &on_trial),
                     model_of(&text));
    assert_null(services_blocking(&services, &context, NEEDS_IMAGE_MODEL | NEEDS_STORE, &on_trial));
    assert_null(services_blocking(&services, &context, NEEDS_APLUS_MODEL, &on_trial));
    service_failed(&services, services_find(&services, "provider/p"), &key, 10, 10);
    assert_non_null(services_blocking(&services, &context, NEEDS_IMAGE_MODEL, &on_trial));
    assert_null(services_blocking(&services, &context, NEEDS_OWN_MODEL, &on_trial));
}

static void a_trial_allows_the_job_types_that_need_the_service(void **state)
{
    bool on_trial;

    (void)state;
    service_failed(&services, model_of(&image), &key, 10, 10);
    model_of(&image)->trial = true;
    assert_null(services_blocking(&services, &context, NEEDS_IMAGE_MODEL, &on_trial));
    assert_true(on_trial);
    assert_null(services_blocking(&services, &context, NEEDS_OWN_MODEL, &on_trial));
    assert_true(on_trial); /* a batch may have chosen this model */
    assert_null(services_blocking(&services, &context, NEEDS_FEATURES_MODEL, &on_trial));
    assert_false(on_trial);
    assert_true(services_need(&services, &context, NEEDS_OWN_MODEL, model_of(&image)));
    assert_false(services_need(&services, &context, NEEDS_OWN_MODEL, model_of(&text)));
}

/* They are needed by each job type. A good job must not wait for minutes because of one bad row. */
static void tables_that_reject_results_stop_all_jobs_for_a_short_time(void **state)
{
    struct service *tables = services_of_tables(&services);
    bool on_trial;

    (void)state;
    for (int i = 1; i <= 3; i++) {
        assert_null(services_blocking(&services, &context, NEEDS_APLUS_MODEL, &on_trial));
        service_failed(&services, tables, &remote, i, i);
    }
    assert_ptr_equal(services_blocking(&services, &context, NEEDS_APLUS_MODEL, &on_trial), tables);
    assert_true(services_need(&services, &context, NEEDS_STORE, tables));
    tables->trial = true;
    for (int i = 10; i < 30; i++) {
        service_failed(&services, tables, &remote, i, i);
        assert_in_range(tables->state.next_probe_ms - i, 1, 30 * SECOND);
        assert_in_range(tables->state.last_backoff_ms, 1, 30 * SECOND);
    }
}

static void a_drain_gives_up_on_what_an_operator_must_correct(void **state)
{
    struct service *service = model_of(&image), *store = services_of_store(&services, &context);
    int64_t now = 10;

    (void)state;
    service->probing = true;
    for (int i = 0; i < 10; i++) {
        service_failed(&services, service, &remote, now + i, now + i); /* it may pass by itself */
    }
    assert_null(services_unrecoverable(&services));
    assert_ptr_equal(services_first_stopped(&services), service);
    service_failed(&services, service, &key, now + 20, now + 20);
    assert_non_null(services_unrecoverable(&services));
    service_succeeded(service, now + 30, now + 30, 0);
    assert_null(services_unrecoverable(&services));
    service_failed(&services, store, &key, now + 40, now + 40); /* it has never worked */
    assert_int_equal(services_unrecoverable(&services)->kind, ERROR_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(services_of_the_workers_own_models_are_known, begin),
        cmocka_unit_test_setup(more_services_than_fit_have_no_state, begin),
        cmocka_unit_test_setup(a_stopped_service_is_open_for_the_trial_only, begin),
        cmocka_unit_test_setup(only_a_probe_or_a_trial_counts_while_a_service_is_stopped, begin),
        cmocka_unit_test_setup(nothing_is_bought_before_the_store_is_checked, begin),
        cmocka_unit_test_setup(job_types_are_claimed_unless_they_need_a_stopped_service, begin),
        cmocka_unit_test_setup(a_trial_allows_the_job_types_that_need_the_service, begin),
        cmocka_unit_test_setup(tables_that_reject_results_stop_all_jobs_for_a_short_time, begin),
        cmocka_unit_test_setup(a_drain_gives_up_on_what_an_operator_must_correct, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
