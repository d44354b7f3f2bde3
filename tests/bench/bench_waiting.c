/* bench_waiting.c - 500 jobs that each wait 2 s for a response of 2 MB, 100 calls in flight: the
 * real worker, a real Postgres, and a server that waits and sends always the same response. The
 * rules ask for no check of the product, whose time bench_main_image measures. Aims: wall time
 * within 5 % of the ideal 10 s; at most 64 KB per waiting job; an idle process under 12 MB.
 *
 *   bench_waiting [JOBS]      (500; the memory of a waiting job is measured with 256 or more) */
#include <libpq-fe.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/random.h"
#include "bench/fatal.h"
#include "bench/process.h"
#include "bench/waiting_floor.h"
#include "demo/order.h"
#include "demo/private_postgres.h"
#include "draw/demo_photo.h"
#include "io/file.h"
#include "queue/migrate.h"

enum { WAIT_MS = 2000, IN_FLIGHT = 100, PLACES = 256, ANSWER_BYTES = 2000000 };

struct server_counts { /* shared with the server's process */
    atomic_int waiting, served, most;
};

static const char rules[] =
    "{\"marketplaces\":{\"amazon\":{\"defaults\":{\"keep\":\"1792x1024\",\"format\":\"png\","
    "\"quality\":\"high\",\"maxCalls\":1,\"checks\":{\"dimensions\":[500,10000],\"blank\":[2]}}}},"
    "\"modules\":{}}";

static struct private_postgres cluster;
static struct server_counts *seen;
static char folder[80];
static pid_t owner, server, worker;

static void clean(void)
{
    if (getpid() != owner) {
        return;
    }
    if (worker > 0) {
        kill(worker, SIGKILL);
    }
    if (server > 0) {
        kill(server, SIGKILL);
    }
    private_postgres_stop(&cluster);
    if (folder[0]) {
        char command[120];

        snprintf(command, sizeof command, "rm -rf '%s'", folder);
        (void)!system(command);
    }
}

static void must(bool good, const char *what, const struct error *err)
{
    if (!good) {
        fatal(what, err->text);
    }
}

/* -- the answer ----------------------------------------------------------------------------- */

/* Makes an image of the stored size, plain or with enough noisy rows to reach `bytes`. */
static struct blob picture_of(size_t bytes, bool noise)
{
    struct image image;
    struct blob file = { 0 };
    struct error err;
    uint64_t seed = 1;

    must(image_new(1792, 1024, 3, &image, &err), "the image", &err);
    for (int noisy = noise ? 100 : 0; file.size < bytes && noisy <= image.height; noisy += 20) {
        blob_free(&file);
        for (int y = 0; y < image.height; y++) {
            uint8_t *row = image.pixels + (size_t)y * (size_t)image.width * 3;

            for (int x = 0; x < image.width * 3; x++) {
                int grain = y < noisy ? (int)(random_next(&seed) & 15) : 0;

                row[x] = (uint8_t)(60 + (x / 3 + y) / 16 % 120 + grain);
            }
        }
        must(image_encode_png(&image, true, &file, &err), "the image", &err);
        if (!noise) {
            break;
        }
    }
    image_free(&image);
    return file;
}

/* Always has the same length: a plain image is padded with a text. */
static char *answer_of(bool noise, size_t *size)
{
    struct blob file = picture_of(ANSWER_BYTES / 4 * 3, noise), letters;
    struct error err;
    char *out = malloc(ANSWER_BYTES * 2);
    int used;

    must(out && base64_encode(file.data, file.size, &letters, &err), "the answer", &err);
    used =
        sprintf(out,
                "{\"created\":1790000000,\"usage\":{\"input_tokens\":300,"
                "\"output_tokens\":1568,\"total_tokens\":1868},\"data\":[{\"b64_json\":\"%.*s\"}],"
                "\"beside\":\"",
                (int)letters.size, (const char *)letters.data);
    while (used < ANSWER_BYTES) {
        out[used++] = 'x';
    }
    *size = (size_t)used + (size_t)sprintf(out + used, "\"}");
    blob_free(&letters);
    blob_free(&file);
    return out;
}

/* -- the server ----------------------------------------------------------------------------- */

struct answer {
    char *text;
    size_t size;
};

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    const struct answer *answer = context;
    struct MHD_Response *response;
    enum MHD_Result queued;
    int waiting;

    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    if (!*state || *upload_size > 0) { /* the request is being received */
        *state = seen;
        *upload_size = 0;
        return MHD_YES;
    }
    waiting = atomic_fetch_add(&seen->waiting, 1) + 1;
    if (waiting > atomic_load(&seen->most)) {
        atomic_store(&seen->most, waiting);
    }
    usleep(WAIT_MS * 1000);
    atomic_fetch_sub(&seen->waiting, 1);
    atomic_fetch_add(&seen->served, 1);
    response = MHD_create_response_from_buffer(answer->size, answer->text, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "content-type", "application/json");
    MHD_add_response_header(response, "x-request-id", "req_bench");
    queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

static int serve(bool noise)
{
    int ends[2], port = 0;

    if (pipe(ends) != 0 || (server = fork()) < 0) {
        fatal("the server", "cannot start");
    }
    if (server == 0) {
        struct answer answer;
        struct MHD_Daemon *daemon;

        answer.text = answer_of(noise, &answer.size);
        daemon =
            MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0,
                             NULL, NULL, on_request, &answer, MHD_OPTION_SOCK_ADDR,
                             (struct sockaddr *)&(struct sockaddr_in){
                                 .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
                             MHD_OPTION_END);
        port = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port : 0;
        if (write(ends[1], &port, sizeof port) == sizeof port) {
            pause();
        }
        _exit(0);
    }
    close(ends[1]);
    if (read(ends[0], &port, sizeof port) != sizeof port || port == 0) {
        fatal("the server", "did not start");
    }
    close(ends[0]);
    return port;
}

/* -- tables and worker ---------------------------------------------------------------- */

static void put_files(void)
{
    struct image photo;
    struct blob file;
    struct error err;
    char path[160];

    snprintf(path, sizeof path, "%s/store/product-images/photo.jpg", folder);
    must(demo_photo_draw(700, &photo, &err) && image_encode_jpeg(&photo, 82, false, &file, &err) &&
             file_write(path, file.data, file.size, &err),
         "the photo", &err);
    snprintf(path, sizeof path, "%s/rules.json", folder);
    must(file_write(path, rules, sizeof rules - 1, &err), "the rules", &err);
    blob_free(&file);
    image_free(&photo);
}

static void fill_tables(PGconn *database, int jobs)
{
    struct migration_report report;
    struct sql_session *session = NULL;
    struct database_url url;
    struct error err;
    char statement[1200];
    PGresult *result;

    must(database_url_read(cluster.url, &url, &err) &&
             (session = sql_open(&url, "bench", &err)) != NULL &&
             order_create_tables(session, &err) && migrate(session, NULL, &report, &err),
         "the tables", &err);
    sql_close(session);
    database_url_free(&url);
    snprintf(
        statement, sizeof statement,
        "insert into \"User\" (id, email, \"updatedAt\") values ('u', 'u@example.com', now());"
        "insert into \"CreditTransaction\" (id, \"userId\", amount, type)" /* pays for all jobs */
        "  values ('g', 'u', 1000000, 'PURCHASE'), ('u', 'u', -1000000, 'USAGE');"
        "insert into \"Project\" (id, \"userId\", name, \"productName\", \"updatedAt\")"
        "  select 'p' || n, 'u', 'Bottle', 'Steel Bottle', now() from generate_series(1, %d) n;"
        "insert into \"ProjectImage\" (id, \"projectId\", url, width, height, size)"
        "  select 'i' || n, 'p' || n, 'http://127.0.0.1:1/storage/v1/object/public/"
        "product-images/photo.jpg', 700, 700, 30000 from generate_series(1, %d) n",
        jobs, jobs);
    result = PQexec(database, statement);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fatal("the tables", PQerrorMessage(database));
    }
    PQclear(result);
}

static void start_worker(const char *self, int port)
{
    char program[500], base[80], spool[120], store[120], rules_file[120], places[12], calls[12];
    const char *slash = strrchr(self, '/');

    snprintf(program, sizeof program, "%.*sdarkroom", slash ? (int)(slash - self + 1) : 0, self);
    snprintf(base, sizeof base, "http://127.0.0.1:%d/v1", port);
    snprintf(spool, sizeof spool, "%s/spool", folder);
    snprintf(store, sizeof store, "%s/store", folder);
    snprintf(rules_file, sizeof rules_file, "%s/rules.json", folder);
    snprintf(places, sizeof places, "%d", PLACES);
    snprintf(calls, sizeof calls, "%d", IN_FLIGHT);
    if ((worker = fork()) == 0) {
        setenv("DATABASE_URL", cluster.url, 1);
        setenv("OPENAI_BASE_URL", base, 1);
        setenv("OPENAI_API_KEY", "sk-bench", 1);
        setenv("SUPABASE_URL", "http://127.0.0.1:1", 1);
        execl(program, program, "work", "--store", "folder", "--folder", store, "--spool", spool,
              "--rules", rules_file, "--jobs", places, "--concurrency", calls, "--log-level",
              "error", (char *)NULL);
        fatal("the worker", "cannot start");
    }
}

/* -- measuring ------------------------------------------------------------------------------ */

static int left(PGconn *database)
{
    PGresult *result =
        PQexec(database, "select count(*) from job_queue where status <> 'completed'");
    int count = PQntuples(result) == 1 ? atoi(PQgetvalue(result, 0, 0)) : -1;

    PQclear(result);
    return count;
}

static void run(PGconn *database, int jobs, double floor, const char *kind)
{
    struct memory idle = memory_of(worker), waiting = { 0 };
    double ideal = (double)jobs / IN_FLIGHT * WAIT_MS / 1000, wall;
    int64_t began = clock_mono_us();
    char statement[300];

    snprintf(statement, sizeof statement,
             "insert into job_queue (job_type, payload, user_id) select 'generate-image', "
             "jsonb_build_object('projectId', 'p' || n, 'imageType', 'LIFESTYLE'), 'u' "
             "from generate_series(1, %d) n",
             jobs);
    PQclear(PQexec(database, statement));
    while (left(database) > 0) {
        if (waitpid(worker, NULL, WNOHANG) != 0) {
            fatal("the worker", "ended");
        }
        if (jobs >= PLACES && atomic_load(&seen->served) == 0 &&
            atomic_load(&seen->waiting) >= IN_FLIGHT) {
            waiting = memory_of(worker);
        }
        if (clock_mono_us() - began > 120 * 1000000LL) {
            fatal("the worker", "did not finish within two minutes");
        }
        usleep(50000);
    }
    wall = (double)(clock_mono_us() - began) / 1e6;
    printf("waiting: %d jobs, each waits %.0f s for a response of 2 MB, %d in flight; %s\n", jobs,
           WAIT_MS / 1000.0, atomic_load(&seen->most), kind);
    printf("  wall             %6.2f s, ideal %.2f s: %+.1f %% (aim: at most 5 %%)\n", wall, ideal,
           (wall / ideal - 1) * 100);
    printf("  lower bound      %6.2f s: threads that only read the same responses; ratio %.2f\n",
           floor, wall / floor);
    printf("  processor time   %6.2f s of the worker: %.1f ms per job\n", cpu_of(worker),
           cpu_of(worker) * 1000 / jobs);
    printf("  idle             %6.1f MB resident, %.1f MB anonymous (aim: under 12 MB)\n",
           (double)idle.resident / 1024, (double)idle.own / 1024);
    if (waiting.own > 0) {
        printf("  a waiting job    %6.1f KB (%d held; aim: at most 64 KB)\n",
               (double)(waiting.own - idle.own) / PLACES, PLACES);
    } else {
        printf("  a waiting job    not measured\n");
    }
}

static void stop_processes(void)
{
    kill(worker, SIGTERM);
    waitpid(worker, NULL, 0);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    worker = server = 0;
}

int main(int argc, char **argv)
{
    int jobs = argc > 1 ? atoi(argv[1]) : 500;
    PGconn *database;
    struct error err;

    owner = getpid();
    atexit(clean);
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    strcpy(folder, "/tmp/darkroom-bench-XXXXXX");
    if (seen == MAP_FAILED || !mkdtemp(folder) || jobs < 1) {
        fatal("cannot begin", jobs < 1 ? "no jobs" : "no memory or folder");
    }
    must(private_postgres_start(&cluster, NULL, &err), "Postgres", &err);
    database = PQconnectdb(cluster.url);
    fill_tables(database, jobs);
    put_files();
    for (int noise = 0; noise < 2; noise++) {
        int port = serve(noise);
        double floor = floor_wall(port, jobs, IN_FLIGHT);

        *seen = (struct server_counts){ 0 };
        start_worker(argv[0], port);
        sleep(2); /* until the worker is idle */
        run(database, jobs, floor,
            noise ? "noisy images, which are slow to decode"
                  : "plain images, which are quick to decode");
        stop_processes();
    }
    PQfinish(database);
    return 0;
}
