/* test_memory_limit.c - limits of control groups of both versions, of parents, and in containers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/memory_limit.h"

static char root[] = "/tmp/dr-limit.XXXXXX";

/* Creates a file and its folders below the root. */
static void write_file(const char *path, const char *text)
{
    char full[600];
    FILE *file;

    snprintf(full, sizeof full, "%s/%s", root, path);
    for (char *at = full + strlen(root) + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        mkdir(full, 0700);
        *at = '/';
    }
    file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_root(void **unused)
{
    (void)unused;
    strcpy(root + strlen(root) - 6, "XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **unused)
{
    char command[100];

    (void)unused;
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static uint64_t machine(void)
{
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void without_groups_the_machine_is_the_limit(void **unused)
{
    (void)unused;
    assert_int_equal(memory_limit_bytes(root), machine());
    write_file("proc/self/cgroup", "0::/a\n");
    write_file("sys/fs/cgroup/a/memory.max", "max\n");
    write_file("sys/fs/cgroup/a/memory.high", "max\n");
    assert_int_equal(memory_limit_bytes(root), machine());
}

static void the_smallest_of_a_group_and_its_parents_counts(void **unused)
{
    (void)unused;
    write_file("proc/self/cgroup", "0::/a/b/c\n");
    write_file("sys/fs/cgroup/a/b/c/memory.max", "50000000\n");
    write_file("sys/fs/cgroup/a/b/memory.max", "max\n");
    write_file("sys/fs/cgroup/a/memory.max", "40000000\n");
    assert_int_equal(memory_limit_bytes(root), 40000000);
    write_file("sys/fs/cgroup/a/b/memory.high", "30000000\n");
    assert_int_equal(memory_limit_bytes(root), 30000000);
}

static void version_1_is_read(void **unused)
{
    (void)unused;
    write_file("proc/self/cgroup", "9:name=systemd:/x\n4:cpuset,memory:/box/one\n0::/\n");
    write_file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write_file("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "536870912\n");
    write_file("sys/fs/cgroup/memory/box/one/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(memory_limit_bytes(root), 536870912);
}

/* The name of the group is the host's, and only the container's own group is mounted. */
static void in_a_container_the_limit_of_the_mount_counts(void **unused)
{
    (void)unused;
    write_file("proc/self/cgroup", "4:memory:/docker/0123\n");
    write_file("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");
    assert_int_equal(memory_limit_bytes(root), 268435456);
    write_file("proc/self/cgroup", "0::/\n");
    write_file("sys/fs/cgroup/memory.max", "134217728\n");
    assert_int_equal(memory_limit_bytes(root), 134217728);
}

static void odd_files_are_ignored(void **unused)
{
    static const char *const lines[] = { "",         "\n",        "x",     "1:",
                                         "4:memory", "4:memory:", ":::\n", "4:memoryx:/a\n" };

    (void)unused;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        write_file("proc/self/cgroup", lines[i]);
        assert_int_equal(memory_limit_bytes(root), machine());
    }
    write_file("proc/self/cgroup", "0::/a\n");
    write_file("sys/fs/cgroup/a/memory.max", "lots\n");
    write_file("sys/fs/cgroup/a/memory.high", "");
    assert_int_equal(memory_limit_bytes(root), machine());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
        TEST(without_groups_the_machine_is_the_limit),
        TEST(the_smallest_of_a_group_and_its_parents_counts),
        TEST(version_1_is_read),
        TEST(in_a_container_the_limit_of_the_mount_counts),
        TEST(odd_files_are_ignored),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
