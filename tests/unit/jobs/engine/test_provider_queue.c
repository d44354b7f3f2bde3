/* test_provider_queue.c - calls get their provider's slots in order, within its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/engine/provider_queue.h"

static const struct provider provider = { .name = "p" };
static const struct model model_a = { .id = "a" }, model_b = { .id = "b" };
static const struct error good = { .kind = ERROR_NONE };

static struct caller { /* the owner of an entry */
    struct queue_entry entry;
    int admitted;
    int order; /* of its admission */
} callers[4];
static int turns;
static struct provider_queues queues;
static struct provider_queue *queue;

static void on_turn(struct queue_entry *entry)
{
    struct caller *caller = entry->context;

    caller->admitted++;
    caller->order = ++turns;
}

static int begin(void **state)
{
    (void)state;
    turns = 0;
    provider_queues_init(&queues, 2);
    queue = provider_queues_find(&queues, &provider);
    for (int i = 0; i < 4; i++) {
        callers[i] = (struct caller){ .entry = { .on_turn = on_turn, .context = &callers[i] } };
    }
    return 0;
}

static void add(int index, const struct model *model, int64_t now_ms)
{
    callers[index].entry.model = model;
    provider_queue_add(queue, &callers[index].entry, now_ms);
}

static void slots_are_given_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        add(i, NULL, 0);
    }
    assert_true(callers[0].admitted && callers[1].admitted);
    assert_false(callers[2].admitted || callers[3].admitted);
    provider_queue_release(&callers[1].entry, &good, NULL, 10);
    assert_int_equal(callers[2].order, 3);
    provider_queue_release(&callers[0].entry, &good, NULL, 20);
    assert_int_equal(callers[3].order, 4);
    provider_queue_release(&callers[0].entry, &good, NULL, 30); /* holds no slot: no effect */
    assert_int_equal(queue->concurrency.in_flight, 2);
}

static void a_removed_entry_is_not_called_back(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        add(i, NULL, 0);
    }
    provider_queue_remove(&callers[2].entry);
    provider_queue_remove(&callers[2].entry); /* not waiting any more: no effect */
    provider_queue_release(&callers[0].entry, &good, NULL, 10);
    assert_int_equal(callers[2].admitted, 0);
    assert_int_equal(callers[3].admitted, 1);
    assert_true(list_is_empty(&queue->waiting));
}

/* Only calls of the limited model wait for its rate limit. */
static void another_model_overtakes_a_rate_limited_one(void **state)
{
    struct http_response response = { .limit_requests = 60, .remaining_requests = 0 };

    (void)state;
    add(0, &model_a, 1000);
    provider_queue_release(&callers[0].entry, &good, &response, 1000);
    rate_limit_take(&queue->models[0].limiter, 1000); /* the next request is due in a second */
    add(1, &model_a, 1010);
    add(2, &model_b, 1010);
    assert_false(callers[1].admitted);
    assert_true(callers[2].admitted);
    assert_in_range(provider_queue_wait_ms(queue, 1010), 500, 2000);
    provider_queue_serve(queue, 4000);
    assert_true(callers[1].admitted);
    assert_int_equal(provider_queue_wait_ms(queue, 4000), -1);
}

/* A rejection for the requests per minute lowers the rate, not the number of calls at once. */
static void a_rate_rejection_does_not_lower_the_level(void **state)
{
    struct error busy = { .kind = ERROR_BUSY };
    struct http_response response = { .limit_requests = 60, .remaining_requests = 0 };

    (void)state;
    add(0, &model_a, 1000);
    provider_queue_release(&callers[0].entry, &busy, &response, 1100);
    assert_true(queue->concurrency.level == 2);
    add(1, NULL, 1200);
    provider_queue_release(&callers[1].entry, &busy, NULL, 1300);
    assert_true(queue->concurrency.level < 2);
}

static void further_providers_share_the_last_queue(void **state)
{
    static const struct provider more[MAX_PROVIDERS + 1];

    (void)state;
    for (int i = 0; i < MAX_PROVIDERS - 1; i++) {
        assert_ptr_not_equal(provider_queues_find(&queues, &more[i]), queue);
    }
    assert_ptr_equal(provider_queues_find(&queues, &provider), queue);
    assert_ptr_equal(provider_queues_find(&queues, &more[MAX_PROVIDERS]),
                     &queues.queues[MAX_PROVIDERS - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(slots_are_given_in_order, begin),
        cmocka_unit_test_setup(a_removed_entry_is_not_called_back, begin),
        cmocka_unit_test_setup(another_model_overtakes_a_rate_limited_one, begin),
        cmocka_unit_test_setup(a_rate_rejection_does_not_lower_the_level, begin),
        cmocka_unit_test_setup(further_providers_share_the_last_queue, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
