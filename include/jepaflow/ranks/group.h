/*
 * group.h - ranks that solve a point together.
 *
 * The world is split once, into groups of equal size; each has one grid for the run. Its first rank
 * leads: it alone talks to the coordinator, and sends each point on to the members, which wait
 * asleep. A group lasts until its leader dissolves it. Then each of its ranks works alone. Knows
 * neither flow nor ledger.
 */
#ifndef JEPAFLOW_RANKS_GROUP_H
#define JEPAFLOW_RANKS_GROUP_H

#include "jepaflow/ranks/comm.h"
#include "jepaflow/ranks/job.h"

/* Who works with whom; the same on all ranks. Workers are counted as in ledger.h. */
typedef struct {
    int first; /* the rank of worker 0: 0 where rank 0 works too, 1 where it only coordinates */
    int group; /* workers of a group; 1: there are no groups */
} jf_crew;

/* Workers of a crew, of that many ranks. */
int jf_crew_workers(const jf_crew *crew, int ranks);

typedef struct jf_group jf_group;

/*
 * Split the world. All ranks must call.
 *   out  the group of this rank; NULL where it works alone. All of the group must end it, by
 *        jf_group_dissolve() or jf_group_leave().
 * JF_ERR_NETWORK, JF_ERR_MEMORY: then other ranks may have succeeded, and the program must end.
 */
jf_status jf_group_open(jf_comm *comm, const jf_crew *crew, jf_group **out);

/* Does this rank lead the group? 0 for NULL. */
int jf_group_is_led_here(const jf_group *group);

/*
 * Solve a point: on its leader, which calls the members to it; on a member, when it has been
 * called.
 *   group  NULL: alone
 *   look   as in jf_job; what it says to one, it says to all of the group
 * JF_ERR_NETWORK, JF_ERR_MEMORY: nothing was solved, and the program must end.
 */
jf_status jf_group_solve(jf_group *group, const jf_job *job, size_t point, int (*look)(void *),
                         void *look_context, jf_record *record);
void jf_group_join(jf_group *group, const jf_job *job, size_t point, int (*look)(void *),
                   void *look_context, jf_record *record);

/*
 * End the group: on the leader, which tells the members; on a member, when it has been told. Set
 * *group to NULL, accept NULL. JF_ERR_NETWORK: the members may not know, and the program must end.
 */
jf_status jf_group_dissolve(jf_group **group);
void jf_group_leave(jf_group **group);

#endif
