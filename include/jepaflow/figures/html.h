/*
 * html.h - one page of a sweep: its figures, the report, the input and where it all came from.
 *
 * FOLDER/index.html needs nothing beside it: figures are in it as SVG, drawn for a light and for a
 * dark screen, of which the reader's is shown; there is no script. It is read on a phone and
 * printed. The figures' own files stay in FOLDER and FOLDER/dark. What comes from the dataset is
 * text, never markup.
 */
#ifndef JEPAFLOW_FIGURES_HTML_H
#define JEPAFLOW_FIGURES_HTML_H

#include "jepaflow/figures/plot.h"

/*
 * Write the page.
 *   request  format and style are not read
 *   out      gets a line for each figure, and one for the page
 * JF_ERR_FILE, JF_ERR_MEMORY, JF_ERR_EXTERNAL where gnuplot is missing or fails.
 */
jf_status jf_html_write(const jf_dataset *dataset, const jf_plot_request *request, FILE *out);

#endif
