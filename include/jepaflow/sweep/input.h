/*
 * input.h - an input file, read and checked whole (DESIGN, section 5).
 *
 * Every parameter comes out with its values, given or by default; every spectrum with its features.
 * Unknown keys, wrong types, values out of range and values given twice are refused with file, line
 * and column. Knows no plan and no dataset.
 */
#ifndef JEPAFLOW_SWEEP_INPUT_H
#define JEPAFLOW_SWEEP_INPUT_H

#include "jepaflow/model/weights.h"
#include "jepaflow/sweep/parameter.h"
#include "jepaflow/sweep/spectrum.h"

/* Largest input file, bytes. */
#define JF_MOST_INPUT ((size_t)1 << 20)

typedef struct {
    char *title;                      /* never NULL */
    jf_values setting[JF_PARAMETERS]; /* at least one value each */
    int swept[JF_PARAMETERS];         /* it stands under 'sweep': an axis */
    jf_spectrum *spectra;             /* by the values of JF_P_SPECTRUM */
    size_t spectra_count;
    char *weights_file;     /* start.weights, as in the input; NULL: none */
    jf_weights weights;     /* what it holds; empty until it is read */
    uint64_t weights_print; /* their fingerprint; 0 where there are none */
} jf_input;

/*
 * Read an input.
 *   source     its name in messages
 *   text, size the YAML text
 *   overrides  key=value texts of --set, count of them, applied in order: key is a parameter's name
 *              or a path such as flow.tolerance or spectra.opposed.rho, value is YAML
 *   out        release with jf_input_clear(); left empty on failure
 * Fails with JF_ERR_USAGE and a message. source, overrides need not outlive the call.
 */
jf_status jf_input_read(const char *source, const char *text, size_t size,
                        const char *const *overrides, size_t count, jf_input *out);

void jf_input_clear(jf_input *input);

#endif
