/* list.h - intrusive doubly linked lists and queues: the node is a member of the element.
 *
 * Nothing is allocated, and appending and removing take constant time. A list must be initialised
 * with list_init before use. A zeroed node is in no list. Lists do not own their elements, and
 * are not safe for use by two threads at once. */
#ifndef BASE_LIST_H
#define BASE_LIST_H
#include <stdbool.h>
#include <stddef.h>

struct list_node {
    struct list_node *next, *previous; /* both NULL while the node is in no list */
};

struct list {
    struct list_node end; /* its next is the first element, its previous the last */
};

/* The element that contains `node`: LIST_ENTRY(node, struct task, node). `node` must not be NULL.
 */
#define LIST_ENTRY(node, type, member)                                                             \
    ((type *)(void *)((char *)(node)-offsetof(type, member))) /* NOLINT(bugprone-*) */

static inline void list_init(struct list *list)
{
    list->end.next = list->end.previous = &list->end;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->end.next == &list->end;
}

static inline bool list_node_is_linked(const struct list_node *node)
{
    return node->next != NULL;
}

/* The first node; NULL if the list is empty. */
static inline struct list_node *list_first(const struct list *list)
{
    return list_is_empty(list) ? NULL : list->end.next;
}

/* The node after `node`; NULL at the end of the list. To remove while iterating, get the next node
 * before removing this one. */
static inline struct list_node *list_next(const struct list *list, const struct list_node *node)
{
    return node->next == &list->end ? NULL : node->next;
}

/* Adds a node that is in no list, at the end. */
static inline void list_append(struct list *list, struct list_node *node)
{
    node->next = &list->end;
    node->previous = list->end.previous;
    node->previous->next = node;
    list->end.previous = node;
}

/* Adds a node that is in no list, at the front. */
static inline void list_prepend(struct list *list, struct list_node *node)
{
    node->previous = &list->end;
    node->next = list->end.next;
    node->next->previous = node;
    list->end.next = node;
}

/* Removes the node from its list. Does nothing if it is in no list. */
static inline void list_remove(struct list_node *node)
{
    if (node->next) {
        node->next->previous = node->previous;
        node->previous->next = node->next;
        node->next = node->previous = NULL;
    }
}

/* Removes and returns the first node; NULL if the list is empty. */
static inline struct list_node *list_pop(struct list *list)
{
    struct list_node *node = list_first(list);

    if (node) {
        list_remove(node);
    }
    return node;
}
#endif
