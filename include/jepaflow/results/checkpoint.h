/*
 * checkpoint.h - points under way, kept in a folder beside the dataset until they are done.
 *
 *     OUT.nc.points/7        point 7 of the plan; 7.1, 7.2 ... are the parts of further ranks
 *
 * A file is made under another name, handed to the disk and renamed: there is the last one or the
 * one before, never half of one. It says what it is of (program, plan, point, rank of how many),
 * and has a checksum: what is damaged, of another plan or of another version is named and left
 * aside, and the point starts anew. Knows no flow: bytes are bytes.
 */
#ifndef JEPAFLOW_RESULTS_CHECKPOINT_H
#define JEPAFLOW_RESULTS_CHECKPOINT_H

#include "jepaflow/base/text.h"
#include "jepaflow/base/wire.h"

/* The folder of a dataset, in which its logbook (logbook.h) is too; and whether it is there. */
void jf_checkpoint_folder(const char *dataset, jf_string *path);
int jf_checkpoint_has_folder(const char *dataset);

/* What bytes are of; all borrowed. */
typedef struct {
    const char *dataset; /* its path */
    const char *digest;  /* of its plan */
    const char *version; /* of the program: others may see the bytes in another way */
    size_t point;
    int part, parts; /* rank of the group that solves it, from 0, and how many there are */
    int silent;      /* what cannot be written has been said */
} jf_checkpoint;

/*
 * Hand bytes to the disk; those that were kept before still count until jf_checkpoint_commit() puts
 * these in their place. Ranks that share a point commit when all have written. JF_ERR_FILE with a
 * warning.
 */
jf_status jf_checkpoint_write(const jf_checkpoint *checkpoint, const jf_wire *bytes);
jf_status jf_checkpoint_commit(const jf_checkpoint *checkpoint);

/*
 * What was kept.
 *   bytes  owned by the caller; empty where nothing was kept, or, with a message, where what is
 *          there cannot be used
 * JF_ERR_MEMORY.
 */
jf_status jf_checkpoint_read(const jf_checkpoint *checkpoint, jf_wire *bytes);

/* When the point was saved last, seconds since 1970: another number each time; 0: never. */
double jf_checkpoint_date(const jf_checkpoint *checkpoint);

/* Forget all parts of the point; and the folder, when it was the last. */
void jf_checkpoint_remove(const jf_checkpoint *checkpoint);

/* Forget all points of a dataset, and what writers that were killed have left. */
void jf_checkpoint_remove_all(const char *dataset);

/* Points of one plan that are points of another too. */
typedef struct {
    const char *from, *to;                        /* fingerprints of the plans */
    size_t (*place)(void *context, size_t point); /* in the other plan; (size_t)-1: in none */
    void *context;
} jf_checkpoint_move;

/*
 * Keep what was kept as that of another plan, whose dataset has taken the place of the one before.
 *   moved, dropped  set: files; dropped are those that are damaged, of no point there, or could not
 *                   be written
 */
void jf_checkpoint_move_all(const char *dataset, const jf_checkpoint_move *move, size_t *moved,
                            size_t *dropped);

#endif
