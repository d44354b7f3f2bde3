/* test_listen_address.c - addresses to listen on, in every form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>

#include "dashboard/listen_address.h"

static int port_of(const struct listen_address *address)
{
    return address->socket.ss_family == AF_INET6
               ? ntohs(((const struct sockaddr_in6 *)&address->socket)->sin6_port)
               : ntohs(((const struct sockaddr_in *)&address->socket)->sin_port);
}

static void forms_of_addresses_are_read(void **state)
{
    static const struct {
        const char *text, *host;
        int port, family;
        bool loopback;
    } cases[] = {
        { "8080", "127.0.0.1", 8080, AF_INET, true },
        { "0", "127.0.0.1", 0, AF_INET, true },
        { "127.0.0.1:8080", "127.0.0.1", 8080, AF_INET, true },
        { "127.8.9.1:1", "127.8.9.1", 1, AF_INET, true },
        { "localhost:65535", "127.0.0.1", 65535, AF_INET, true },
        { "0.0.0.0:80", "127.0.0.1", 80, AF_INET, false },
        { "192.168.1.4:80", "192.168.1.4", 80, AF_INET, false },
        { "[::1]:8080", "[::1]", 8080, AF_INET6, true },
        { "[::]:8080", "[::1]", 8080, AF_INET6, false },
        { "[2001:db8::1]:8080", "[2001:db8::1]", 8080, AF_INET6, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct listen_address address;
        struct error err;

        assert_true(listen_address_read(cases[i].text, &address, &err));
        assert_string_equal(address.host, cases[i].host);
        assert_int_equal(port_of(&address), cases[i].port);
        assert_int_equal(address.socket.ss_family, cases[i].family);
        assert_int_equal(address.loopback, cases[i].loopback);
    }
}

static void other_texts_are_refused(void **state)
{
    static const char *const cases[] = {
        "",           ":8080",     "65536",         "-1",
        "+80",        " 80",       "80 ",           "80x",
        "::1:8080",   "[::1:8080", "::1]:8080",     "[]:80",
        "[1.2.3.4]:", "1.2.3.4",   "1.2.3:80",      "host:80",
        "127.0.0.1:", "[::1]:",    "[127.0.0.1]:x", "1.2.3.4:99999",
        "[::1]",      "0x7f.1:80"
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct listen_address address;
        struct error err = { 0 };

        if (listen_address_read(cases[i], &address, &err)) {
            fail_msg("'%s' was read", cases[i]);
        }
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_true(err.hint[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(forms_of_addresses_are_read),
                                        cmocka_unit_test(other_texts_are_refused) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
