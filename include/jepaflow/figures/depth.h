/*
 * depth.h - critical times against depth: measured points over exact lines.
 *
 * As scaling.h, with depth along x and a series for each init_scale.
 */
#ifndef JEPAFLOW_FIGURES_DEPTH_H
#define JEPAFLOW_FIGURES_DEPTH_H

#include "jepaflow/figures/atlas.h"

/* Draw it, or say why not. JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL. */
jf_status jf_depth_draw(jf_atlas *a);

#endif
