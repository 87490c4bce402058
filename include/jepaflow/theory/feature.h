/*
 * feature.h - the flow of one feature in closed form: plateau, rates, critical time.
 *
 * From a balanced orthogonal start, with Sxx and Syx sharing eigenvectors, every layer's amplitude
 * of a feature is the same w, the encoder's is wbar = w^L, and (docs/theory.md; arXiv 2407.03475,
 * Theorem 4.2)
 *
 *     JEPA  dw/dt = lambda w^{2L} (1 - w/rho)         plateau w = rho
 *     MAE   dw/dt = lambda w^L (1 - w^{L+1}/rho)      plateau w^{L+1} = rho
 *
 * Times are flow times: the t of these equations. Knows no matrices: everything is a formula.
 */
#ifndef JEPAFLOW_THEORY_FEATURE_H
#define JEPAFLOW_THEORY_FEATURE_H

#include <stddef.h>

/* The objective whose flow is followed; the numbers stand in files and on the wire. */
typedef enum { JF_JEPA, JF_MAE, JF_OBJECTIVES } jf_objective;

/* One feature and the flow that it is in; all numbers but the objective are positive. */
typedef struct {
    jf_objective objective;
    size_t depth;      /* encoder layers L, at least 1 */
    double init_scale; /* eps: wbar at t = 0 */
    double lambda;     /* covariance lambda_i */
    double rho;        /* regression coefficient lambda_i / s_i */
} jf_feature;

/* What is known of a critical time; the numbers stand in the dataset. */
typedef enum {
    JF_REACHED,       /* there is a time */
    JF_NOT_REACHED,   /* integration ended before */
    JF_STARTED_ABOVE, /* eps >= p plateau: crossed before it began */
    JF_NO_REFERENCE,  /* no plateau is predicted, or the time is beyond the largest number */
    JF_CELL_FAILED,   /* the point failed before */
    JF_NOT_RUN,       /* nothing was measured yet, or the spectrum has no such feature */
    JF_CELL_STATUSES
} jf_cell_status;

/* ln of the plateau of wbar: rho^L (JEPA), rho^{L/(L+1)} (MAE). */
double jf_feature_log_plateau(const jf_feature *feature);

/* The plateau of wbar; 0 where it is below the smallest number. */
double jf_feature_plateau(const jf_feature *feature);

/*
 * The rate at which w relaxes to its plateau: lambda rho^{2L-1} (JEPA), lambda (L+1)
 * rho^{(L-1)/(L+1)} (MAE).
 */
double jf_feature_relaxation_rate(const jf_feature *feature);

/*
 * The exact time at which wbar first reaches `threshold` times its plateau.
 *   threshold  p in (0, 1)
 *   time       set where JF_REACHED is returned, to 1e-12 relative; NaN elsewhere
 * Returns JF_REACHED, JF_STARTED_ABOVE or JF_NO_REFERENCE.
 */
jf_cell_status jf_feature_critical_time(const jf_feature *feature, double threshold, double *time);

/*
 * The asymptotic critical time: for JEPA the series of Theorem 4.5 in flow time (the paper's is L
 * times this), (1/lambda) sum_{n=1}^{2L-1} 1 / (n rho^{2L-n-1} eps^{n/L}); for MAE its leading
 * term, eps^{-(L-1)/L} / ((L-1) lambda) or, at L = 1, ln(1/eps) / lambda. May be infinite.
 */
double jf_feature_critical_time_series(const jf_feature *feature);

/*
 * d ln t* / d ln eps of the exact critical time (docs/theory.md, (8.3)); NaN where there is none.
 */
double jf_feature_critical_time_slope(const jf_feature *feature, double threshold);

/*
 * The leading term of the critical time for small eps: eps^{-(2L-1)/L} / ((2L-1) lambda) for JEPA;
 * for MAE that of jf_feature_critical_time_series(). May be infinite.
 */
double jf_feature_leading_time(const jf_feature *feature);

/*
 * The next order, relative to the leading term (docs/theory.md, (8.1, 8.2)):
 *
 *     t* = leading time (1 + next order + ...)
 *
 * It is small where the expansion is worth something: eps^{1/L} / rho for JEPA, eps^{(L-1)/L} for
 * MAE, 1 / ln(1/eps) for MAE at L = 1.
 */
double jf_feature_next_order(const jf_feature *feature, double threshold);

#endif
