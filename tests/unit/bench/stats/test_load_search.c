/* The search for the largest load reports a load that exceeds the bound in at most 5 % of searches,
 * finds the known capacity, and stays within what can be paid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "bench/stats/load_search.h"

enum { SEARCHES = 400 };

struct found {
    int level, requests;
    struct load_search search;
};

/* `share` returns how likely a request exceeds the bound at this load. */
static struct found find(double (*share)(int level, int capacity), int capacity, int affordable,
                         uint64_t *state)
{
    struct found out = { .search = { .highest = 64 } };

    for (;;) {
        struct load_step step = load_search_next(&out.search, affordable - out.requests);
        int exceeded = 0;

        if (step.kind == LOAD_STEP_OVER) {
            break;
        }
        assert_in_range(step.level, 1, 64);
        for (int i = 0; i < step.requests; i++) {
            exceeded += random_uniform(state) < share(step.level, capacity);
        }
        out.requests += step.requests;
        load_search_record(&out.search, &step, exceeded);
    }
    assert_true(out.requests <= affordable);
    out.level = out.search.confirmed;
    return out;
}

static double sharp(int level, int capacity) /* a server that rejects what exceeds its capacity */
{
    return level > capacity ? (double)(level - capacity) / level : 0.001;
}

static double gradual(int level, int capacity) /* exactly 5 % at the capacity */
{
    return 0.05 * pow((double)level / capacity, 2);
}

static void a_sharp_capacity_is_found(void **unused)
{
    static const int capacities[] = { 1, 3, 8, 13, 40, 64 };
    uint64_t state = 3;

    (void)unused;
    for (int i = 0; i < 6; i++) {
        int exact = 0, over = 0, requests = 0;

        for (int j = 0; j < SEARCHES; j++) {
            struct found found = find(sharp, capacities[i], 100000, &state);

            exact += found.level <= capacities[i] &&
                     found.level >= capacities[i] - 1 - capacities[i] / 8;
            over += sharp(found.level, capacities[i]) > 0.05;
            requests += found.requests;
        }
        print_message("capacity %d: found in %d of %d searches with %d requests on average\n",
                      capacities[i], exact, SEARCHES, requests / SEARCHES);
        assert_in_range(exact, SEARCHES * 95 / 100, SEARCHES);
        assert_in_range(over, 0, SEARCHES * 5 / 100);
    }
}

static void the_reported_load_keeps_the_bound_with_its_confidence(void **unused)
{
    uint64_t state = 11;
    int over = 0, found_any = 0;

    (void)unused;
    for (int i = 0; i < SEARCHES; i++) {
        int capacity = 4 + i % 40;
        struct found found = find(gradual, capacity, 100000, &state);

        found_any += found.level > 0;
        over += found.level > capacity;
    }
    print_message("of %d loads that were reported, %d exceed the bound\n", found_any, over);
    assert_in_range(over, 0, SEARCHES * 5 / 100);
    assert_in_range(found_any, SEARCHES / 4, SEARCHES);
}

static void a_search_stays_within_its_budget(void **unused)
{
    uint64_t state = 5;

    (void)unused;
    for (int affordable = 0; affordable < 700; affordable += 7) {
        struct found found = find(sharp, 12, affordable, &state);

        assert_true(found.requests <= affordable);
        if (affordable < 92) { /* 20 for one sample, 72 to confirm it */
            assert_int_equal(found.level, 0);
        }
    }
    assert_int_equal(find(sharp, 12, 92, &state).level, 1);
}

static void confirmations_have_the_exact_size(void **unused)
{
    (void)unused;
    assert_int_equal(load_search_confirm_requests(0, 0.05), 59); /* 0.95^59 < 0.05 < 0.95^58 */
    assert_int_equal(load_search_confirm_requests(0, 0.025), 72);
    assert_int_equal(load_search_confirm_requests(1, 0.05), 93);
    assert_int_equal(load_search_confirm_requests(2, 0.05), 124);
}

static void a_load_that_never_fits_ends_the_search(void **unused)
{
    uint64_t state = 1;

    (void)unused;
    assert_int_equal(find(sharp, 0, 100000, &state).level, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sharp_capacity_is_found),
        cmocka_unit_test(the_reported_load_keeps_the_bound_with_its_confidence),
        cmocka_unit_test(a_search_stays_within_its_budget),
        cmocka_unit_test(confirmations_have_the_exact_size),
        cmocka_unit_test(a_load_that_never_fits_ends_the_search),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
