/*
 * findings.h - what is found in a dataset once and used all over its report: the survey, how well
 * measured and exact agree, how well tolerances do, and the verdict. Knows no layout of pages.
 */
#ifndef JEPAFLOW_REPORT_FINDINGS_H
#define JEPAFLOW_REPORT_FINDINGS_H

#include "jepaflow/report/convergence.h"
#include "jepaflow/report/survey.h"

/* The points of one objective that were solved by one model. */
typedef struct {
    size_t objective; /* value of its axis */
    jf_model_choice model;
    jf_agreement agreement;
} jf_agreed;

/* The points of one objective and tolerance that leave the assumption. */
typedef struct {
    size_t objective, tolerance; /* values of their axes */
    jf_convergence convergence;
} jf_converged;

typedef struct {
    const jf_dataset *dataset; /* borrowed */
    jf_survey survey;
    jf_time_kind kind; /* of the times that tell orders: measured if there are any, else exact */
    jf_agreed *agreed; /* where there is something to compare */
    size_t count;
    jf_converged *converged; /* likewise; none where there is but one tolerance */
    size_t converged_count;
} jf_findings;

/*
 * Read a dataset, which must stay open. JF_ERR_FILE, JF_ERR_MEMORY. Release with
 * jf_findings_clear().
 */
jf_status jf_findings_init(const jf_dataset *dataset, jf_findings *out);
void jf_findings_clear(jf_findings *findings);

/*
 * A point by the labels of the axes that have more than one value: "objective=jepa depth=2"; by its
 * objective where none has.
 */
void jf_findings_point(const jf_findings *findings, size_t point, char *text, size_t size);

typedef struct {
    int valid;
    jf_status status; /* JF_OK; JF_STOPPED: points are pending; JF_POINTS_FAILED: points failed, or
                         measured and exact disagree */
    char text[200];   /* "VALID: ..." or "NOT VALID: ...": the first reason that holds */
} jf_verdict;

/*
 * Measured and exact agree where no deviation is larger than JF_SURVEY_ALLOWANCE times the
 * tolerance of its point, which is the relative error of critical times that was asked for;
 * plateaus, and hard cases, have some room. So do tolerances, by the critical times of points that
 * leave the assumption.
 */
jf_verdict jf_findings_judge(const jf_findings *findings);

#endif
