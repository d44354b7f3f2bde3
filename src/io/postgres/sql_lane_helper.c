/* sql_lane_helper.c - one lane lends its connection to another: a role, database or pooler may
 * leave the process only one. */
#include "base/clock.h"
#include "io/postgres/sql_lane.h"

enum { HELP_US = 1000 * 1000, IDLE_US = 30 * 1000 * 1000 };

void lane_check_soon(struct sql_lane *lane)
{
    loop_timer_start(lane->timer, 0, LANE_CHECK_MS);
}

bool lane_is_up(const struct sql_lane *lane)
{
    for (int i = 0; i < lane->most; i++) {
        if (connection_usable(&lane->connections[i])) {
            return true;
        }
    }
    return false;
}

void lane_use_helper(struct sql_lane *lane, int64_t now_us)
{
    struct sql_lane *helper = lane->helper;
    struct list_node *node;

    if (lane_is_up(lane)) {
        lane->down_since_us = 0;
        return;
    }
    if (lane->down_since_us == 0) {
        lane->down_since_us = now_us;
    }
    if (now_us - lane->down_since_us < HELP_US || !lane_is_up(helper)) {
        return;
    }
    while ((node = list_first(&lane->queue)) != NULL) {
        list_remove(node);
        list_append(&helper->queue, node);
    }
    lane_check_soon(helper);
}

int64_t lane_idle_limit_us(const struct sql_lane *lane, int index)
{
    if (lane->helper && !lane_is_up(lane->helper)) {
        return HELP_US; /* it gets the connection */
    }
    return index < lane->least ? INT64_MAX : IDLE_US;
}
