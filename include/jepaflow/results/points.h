/*
 * points.h - records read back from a dataset, a stretch of points at a time.
 *
 * The other direction of store.h, with which they are written: what comes out of one goes into the
 * other, bit for bit. Knows no plan.
 */
#ifndef JEPAFLOW_RESULTS_POINTS_H
#define JEPAFLOW_RESULTS_POINTS_H

#include "jepaflow/results/dataset.h"
#include "jepaflow/sweep/record.h"

/* Records of consecutive points. Release with jf_points_clear(). */
typedef struct {
    jf_record *record;   /* `room` of them */
    size_t first, count; /* the points that are in them, from record[0] on */
    size_t room;
    char *gathered; /* one variable of all of them */
} jf_points;

/*
 * Make room for some megabytes of records, at least one.
 *   like  a dataset of their shape
 * JF_ERR_MEMORY.
 */
jf_status jf_points_init(const jf_dataset *like, jf_points *out);
void jf_points_clear(jf_points *points);

/*
 * Read points first ... first+count-1.
 *   dataset  of the shape that the room was made for
 *   count    at most points->room
 * JF_ERR_FILE.
 */
jf_status jf_points_read(jf_points *points, const jf_dataset *dataset, size_t first, size_t count);

/*
 * The status of all points.
 *   status  by point: a jf_point_status; what is none, in a damaged file, counts as pending
 */
jf_status jf_points_status(const jf_dataset *dataset, unsigned char *status);

/* Is it final: done, failed or diverged? */
int jf_points_is_final(unsigned char status);

#endif
