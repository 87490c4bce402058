#include "jepaflow/ranks/group.h"

#include <fenv.h>
#include <stdlib.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"

struct jf_group {
    jf_comm *comm;
    int leader; /* its rank; members are the ranks that follow */
    int ranks;
    int communicator;
    jf_grid *grid;
};

int jf_crew_workers(const jf_crew *crew, int ranks)
{
    return ranks - crew->first;
}

/* The number of this rank's group; below 0 where it works alone: rank 0, or who is left over. */
static int number_of(const jf_crew *crew, int rank, int ranks)
{
    const int whole = jf_crew_workers(crew, ranks) / crew->group;
    const int number = rank >= crew->first ? (rank - crew->first) / crew->group : -1;

    return number < whole ? number : -1;
}

static jf_status make(jf_comm *comm, int leader, int ranks, int communicator, jf_group **out)
{
    jf_group *group = calloc(1, sizeof *group);

    if (group == NULL) {
        return jf_fail_memory("a group of ranks");
    }
    *group =
        (jf_group){.comm = comm, .leader = leader, .ranks = ranks, .communicator = communicator};
    const jf_status status = jf_grid_create(communicator, &group->grid);
    if (status != JF_OK) {
        free(group);
        return status;
    }
    *out = group;
    return JF_OK;
}

jf_status jf_group_open(jf_comm *comm, const jf_crew *crew, jf_group **out)
{
    int communicator;

    *out = NULL;
    if (crew->group == 1) {
        return JF_OK;
    }
    const int number = number_of(crew, jf_comm_rank(comm), jf_comm_size(comm));
    JF_TRY(jf_comm_split(comm, number, &communicator));
    if (number < 0) {
        return JF_OK;
    }
    return make(comm, crew->first + number * crew->group, crew->group, communicator, out);
}

int jf_group_is_led_here(const jf_group *group)
{
    return group != NULL && jf_comm_rank(group->comm) == group->leader;
}

static jf_status tell_members(const jf_group *group, jf_message kind, const jf_wire *wire)
{
    for (int rank = group->leader + 1; rank < group->leader + group->ranks; rank++) {
        JF_TRY(jf_comm_send(group->comm, rank, kind, wire->data, wire->size));
    }
    return JF_OK;
}

static jf_status call_members(const jf_group *group, size_t point)
{
    jf_wire wire = {0};

    jf_wire_put_i64(&wire, (int64_t)point);
    jf_status status = jf_wire_check(&wire);
    if (status == JF_OK) {
        status = tell_members(group, JF_MESSAGE_JOIN, &wire);
    }
    jf_wire_clear(&wire);
    return status;
}

/* Who looks on while a point is solved. */
typedef struct {
    const jf_job *job;
    jf_grid *grid; /* NULL: it is solved alone */
    int (*look)(void *);
    void *context;
    int leads;    /* it is not a member: when to save is for the leader to say */
    double saved; /* clock: when it was to be saved last */
} onlooker;

/* What is wished here; from time to time, that the point be saved. */
static int wish_here(onlooker *o)
{
    const int wish = o->look(o->context);
    const double now = jf_clock_now();

    if (wish != JF_GO_ON || now - o->saved < o->job->save_interval) {
        return wish;
    }
    o->saved = now;
    return JF_SAVE;
}

/* What one wishes, all hear, and on each rank the flow takes the same way. */
static int look_on(void *context)
{
    onlooker *o = context;
    double wish = o->leads ? wish_here(o) : o->look(o->context);

    if (o->grid != NULL) {
        jf_grid_largest(o->grid, 1, &wish);
    }
    return (int)wish;
}

/*
 * Whatever a library has set on some rank, a point is solved in the default environment: what is
 * not finite raises no signal, and rounding is the same everywhere.
 */
static void solve(onlooker *o, size_t point, jf_record *record)
{
    o->saved = jf_clock_now();
    fesetenv(FE_DFL_ENV);
    o->job->solve(o->job->context, point, o->grid, look_on, o, record);
}

jf_status jf_group_solve(jf_group *group, const jf_job *job, size_t point, int (*look)(void *),
                         void *look_context, jf_record *record)
{
    if (group != NULL) {
        JF_TRY(call_members(group, point));
    }
    onlooker o = {.job = job,
                  .grid = group != NULL ? group->grid : NULL,
                  .look = look,
                  .context = look_context,
                  .leads = 1};
    solve(&o, point, record);
    return JF_OK;
}

void jf_group_join(jf_group *group, const jf_job *job, size_t point, int (*look)(void *),
                   void *look_context, jf_record *record)
{
    onlooker o = {.job = job, .grid = group->grid, .look = look, .context = look_context};

    solve(&o, point, record);
}

jf_status jf_group_dissolve(jf_group **group)
{
    if (*group == NULL) {
        return JF_OK;
    }
    const jf_status status = tell_members(*group, JF_MESSAGE_DISSOLVE, &(jf_wire){0});
    if (status == JF_OK) {
        jf_group_leave(group);
    }
    return status;
}

void jf_group_leave(jf_group **group)
{
    if (*group != NULL) {
        jf_grid_destroy(&(*group)->grid);
        jf_comm_rejoin((*group)->communicator);
        free(*group);
        *group = NULL;
    }
}
