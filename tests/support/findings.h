/*
 * findings.h - a dataset made by hand and what is found in it; tables of sections, by their names.
 */
#ifndef JEPAFLOW_TESTS_SUPPORT_FINDINGS_H
#define JEPAFLOW_TESTS_SUPPORT_FINDINGS_H

#include "jepaflow/report/section.h"
#include "sweep.h"

typedef struct {
    sweep s;
    jf_dataset dataset;
    jf_findings findings;
} found;

/* Open what is at f->s.path. Release with found_end(), which also ends the sweep. */
void found_open(found *f);

/* A sweep as sweep_write() makes it, of all points, opened. */
void found_begin(const char *text, const char *set, double factor, found *f);
void found_end(found *f);

/* A section of a list, filled; clear the table. */
void found_fill(const found *f, const jf_section *(*list)(size_t *), const char *name,
                jf_table *table);

#endif
