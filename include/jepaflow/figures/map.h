/*
 * map.h - figures of one number over two axes of the sweep: cells coloured by it.
 *
 * A row for each spectrum, a column for each objective, where these are not axes of the map.
 * Measured, where anything is; a cell without a number is a hole, drawn as a cross, and counted in
 * the subtitle. Of long axes some evenly spread values are shown.
 */
#ifndef JEPAFLOW_FIGURES_MAP_H
#define JEPAFLOW_FIGURES_MAP_H

#include "jepaflow/figures/atlas.h"
#include "jepaflow/figures/panel.h"

typedef struct {
    const char *name; /* of the figure */
    const char *what; /* it shows, one line */
    const char *subtitle;
    const char *label; /* of the colours, enhanced text */
    size_t x, y;       /* axes, as jf_atlas.map */
    int logarithmic;   /* colours */
    jf_range range;    /* of the colours; high < low: that of the data */
    jf_rows rows;      /* spectra; not read where spectrum is an axis */

    /*
     * The number, or NaN.
     *   position  the place along each axis of the dataset
     *   feature   jf_atlas.feature, or the place along an axis of features
     */
    double (*value)(const jf_atlas *a, jf_time_kind kind, const size_t *position, size_t feature);

    /* What stands behind a spectrum's name in its row's heading. */
    void (*heading)(const jf_atlas *a, size_t spectrum, char text[128]);
} jf_map;

/* Draw it, or say why not: a single cell. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_map_draw(jf_atlas *a, const jf_map *map);

#endif
