/*
 * inclusion.h - where the values and the points of one plan stand in another.
 *
 * Axes are compared by their values, whatever their order: names of choices and spectra as text,
 * numbers to the bit. A setting is an axis of one value, so that a parameter may become an axis.
 * Parameters that only say where a point is solved do not count. What was read of files counts by
 * its fingerprint. Knows no file.
 */
#ifndef JEPAFLOW_SWEEP_INCLUSION_H
#define JEPAFLOW_SWEEP_INCLUSION_H

#include "jepaflow/sweep/plan.h"

/* The place of what the other plan has not. */
#define JF_NOWHERE ((size_t)-1)

typedef struct {
    const jf_plan *from, *to;      /* borrowed */
    size_t *place[JF_PARAMETERS];  /* by value of `from`: its place among those of `to`; NULL for
                                      parameters that do not count */
    size_t missing[JF_PARAMETERS]; /* values of `from` that `to` has not */
    unsigned char *other_numbers;  /* by spectrum of `from`: `to` has it, with other numbers */
    size_t others;                 /* such spectra */
    int other_weights;             /* both start from a file, with other weights */
} jf_inclusion;

/* Compare. JF_ERR_MEMORY. Release with jf_inclusion_clear(). */
jf_status jf_inclusion_find(const jf_plan *from, const jf_plan *to, jf_inclusion *out);
void jf_inclusion_clear(jf_inclusion *inclusion);

/* Is every point of `from` one of `to`, with the same numbers? */
int jf_inclusion_is_whole(const jf_inclusion *inclusion);

/* Where point `index` of `from` stands in `to`. Only where the inclusion is whole. */
size_t jf_inclusion_point(const jf_inclusion *inclusion, size_t index);

#endif
