/* test_list.c - intrusive lists keep their order, and removing is safe at any place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/list.h"

struct element {
    int number;
    struct list_node node;
};

static struct list list;
static struct element elements[4];

static int set_up(void **state)
{
    (void)state;
    list_init(&list);
    for (int i = 0; i < 4; i++) {
        elements[i] = (struct element){ .number = i };
    }
    return 0;
}

/* The numbers of the elements, first to last, as the digits of one number. */
static int order(void)
{
    int digits = 0;

    for (struct list_node *node = list_first(&list); node; node = list_next(&list, node)) {
        digits = digits * 10 + LIST_ENTRY(node, struct element, node)->number;
    }
    return digits;
}

static void new_list_is_empty(void **state)
{
    (void)state;
    assert_true(list_is_empty(&list));
    assert_null(list_first(&list));
    assert_null(list_pop(&list));
}

static void append_adds_at_the_end_and_prepend_at_the_front(void **state)
{
    (void)state;
    list_append(&list, &elements[1].node);
    list_append(&list, &elements[2].node);
    list_prepend(&list, &elements[3].node);
    assert_int_equal(order(), 312);
    assert_false(list_is_empty(&list));
}

static void any_node_can_be_removed_and_added_again(void **state)
{
    (void)state;
    for (int i = 1; i < 4; i++) {
        list_append(&list, &elements[i].node);
    }
    list_remove(&elements[2].node);
    assert_int_equal(order(), 13);
    assert_false(list_node_is_linked(&elements[2].node));
    list_remove(&elements[3].node);
    list_append(&list, &elements[2].node);
    assert_int_equal(order(), 12);
    list_remove(&elements[1].node);
    assert_int_equal(order(), 2);
    list_remove(&elements[2].node);
    assert_true(list_is_empty(&list));
}

static void removing_a_node_that_is_in_no_list_does_nothing(void **state)
{
    (void)state;
    list_append(&list, &elements[1].node);
    list_remove(&elements[2].node);
    assert_int_equal(order(), 1);
}

static void pop_returns_elements_in_the_order_they_were_appended(void **state)
{
    (void)state;
    list_append(&list, &elements[2].node);
    list_append(&list, &elements[1].node);
    assert_ptr_equal(list_pop(&list), &elements[2].node);
    assert_ptr_equal(list_pop(&list), &elements[1].node);
    assert_null(list_pop(&list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(new_list_is_empty, set_up),
        cmocka_unit_test_setup(append_adds_at_the_end_and_prepend_at_the_front, set_up),
        cmocka_unit_test_setup(any_node_can_be_removed_and_added_again, set_up),
        cmocka_unit_test_setup(removing_a_node_that_is_in_no_list_does_nothing, set_up),
        cmocka_unit_test_setup(pop_returns_elements_in_the_order_they_were_appended, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
