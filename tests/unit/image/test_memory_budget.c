/* test_memory_budget.c - reservations wait in order of arrival, and never block each other for
 * ever. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "image/memory_budget.h"

enum { THREADS = 8, ROUNDS = 300 };

struct user {
    pthread_t thread;
    size_t bytes;
    int *order; /* the next number of those that got their memory */
    int got;    /* its number */
};

static void *reserve_once(void *arg)
{
    struct user *user = arg;

    if (memory_budget_reserve(user->bytes)) {
        user->got = __atomic_add_fetch(user->order, 1, __ATOMIC_SEQ_CST);
        memory_budget_return(user->bytes);
    }
    return NULL;
}

static void wait_for_waiting(int count)
{
    while (memory_budget_state().waiting != count) {
        usleep(1000);
    }
}

static void more_than_the_whole_budget_is_refused(void **unused)
{
    (void)unused;
    memory_budget_set(1000);
    assert_false(memory_budget_reserve(1001));
    assert_true(memory_budget_reserve(1000));
    memory_budget_return(1000);
    assert_int_equal(memory_budget_state().used, 0);
    assert_int_equal(memory_budget_state().highest, 1000);
}

static void without_a_limit_nothing_waits(void **unused)
{
    (void)unused;
    memory_budget_set(0);
    assert_true(memory_budget_reserve(SIZE_MAX / 2));
    assert_true(memory_budget_reserve(SIZE_MAX / 4));
    memory_budget_return(SIZE_MAX / 4);
    memory_budget_return(SIZE_MAX / 2);
}

/* A small one that would fit waits behind a large one, which would else wait for ever. */
static void waiting_threads_are_served_in_order(void **unused)
{
    int order = 0;
    /* no two that follow each other fit together */
    static const size_t bytes[] = { 980, 50, 960, 45 };
    struct user users[4] = { 0 };

    (void)unused;
    memory_budget_set(1000);
    assert_true(memory_budget_reserve(500));
    for (int i = 0; i < 4; i++) {
        users[i] = (struct user){ .bytes = bytes[i], .order = &order };
        assert_int_equal(pthread_create(&users[i].thread, NULL, reserve_once, &users[i]), 0);
        wait_for_waiting(i + 1);
    }
    assert_int_equal(memory_budget_state().used, 500);
    memory_budget_return(500);
    for (int i = 0; i < 4; i++) {
        pthread_join(users[i].thread, NULL);
        assert_int_equal(users[i].got, i + 1);
    }
    assert_int_equal(memory_budget_state().used, 0);
    assert_int_equal(memory_budget_state().waited, 4);
}

/* It would otherwise wait for memory that it holds itself. */
static void a_thread_that_holds_memory_does_not_wait(void **unused)
{
    (void)unused;
    memory_budget_set(1000);
    assert_true(memory_budget_reserve(800));
    assert_true(memory_budget_reserve(800));
    assert_int_equal(memory_budget_state().used, 1600);
    memory_budget_return(800);
    memory_budget_return(800);
    assert_int_equal(memory_budget_state().used, 0);
}

static void *use_often(void *arg)
{
    struct user *user = arg;
    unsigned state = (unsigned)user->bytes;

    for (int i = 0; i < ROUNDS; i++) {
        size_t bytes = (size_t)rand_r(&state) % 1000 + 1, part = bytes / 3;

        if (memory_budget_reserve(bytes)) {
            memory_budget_return(part);
            memory_budget_return(bytes - part);
            user->got++;
        }
    }
    return NULL;
}

static void many_threads_all_finish_within_the_limit(void **unused)
{
    struct user users[THREADS] = { 0 };

    (void)unused;
    memory_budget_set(1000);
    for (int i = 0; i < THREADS; i++) {
        users[i].bytes = (size_t)i + 1;
        assert_int_equal(pthread_create(&users[i].thread, NULL, use_often, &users[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(users[i].thread, NULL);
        assert_int_equal(users[i].got, ROUNDS);
    }
    assert_int_equal(memory_budget_state().used, 0);
    assert_true(memory_budget_state().highest <= 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_the_whole_budget_is_refused),
        cmocka_unit_test(without_a_limit_nothing_waits),
        cmocka_unit_test(waiting_threads_are_served_in_order),
        cmocka_unit_test(a_thread_that_holds_memory_does_not_wait),
        cmocka_unit_test(many_threads_all_finish_within_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
