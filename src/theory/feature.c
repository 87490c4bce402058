#include "jepaflow/theory/feature.h"

#include <math.h>

double jf_feature_log_plateau(const jf_feature *feature)
{
    const double depth = (double)feature->depth;
    const double exponent = feature->objective == JF_JEPA ? depth : depth / (depth + 1.0);

    return exponent * log(feature->rho);
}

double jf_feature_plateau(const jf_feature *feature)
{
    return exp(jf_feature_log_plateau(feature));
}

double jf_feature_relaxation_rate(const jf_feature *feature)
{
    const double depth = (double)feature->depth;

    if (feature->objective == JF_JEPA) {
        return feature->lambda * pow(feature->rho, 2.0 * depth - 1.0);
    }
    return feature->lambda * (depth + 1.0) * pow(feature->rho, (depth - 1.0) / (depth + 1.0));
}

/* ln((1 - z0) / (1 - z1)) for ln z0 < ln z1 < 0, without cancellation: step = ln z1 - ln z0. */
static double log_of_complements(double log_z1, double step)
{
    return log1p(exp(log_z1) * expm1(-step) / expm1(log_z1));
}

/*
 * JEPA, with u = w/rho and m = 2L:
 *
 *     lambda t = rho^{-(m-1)} int_{u0}^{u1} du / (u^m (1 - u))
 *              = sum_{j=1}^{m-1} rho^{-(m-1-j)} eps^{-j/L} (1 - (u0/u1)^j) / j
 *                + rho^{-(m-1)} (ln(u1/u0) + ln((1 - u0)/(1 - u1)))
 *
 * Every term is positive, so nothing cancels however close u0 and u1 are.
 */
static double jepa_critical_time(const jf_feature *feature, double threshold)
{
    const double depth = (double)feature->depth;
    const double last = 2.0 * depth - 1.0; /* m - 1 */
    const double log_rho = log(feature->rho);
    const double log_start = log(feature->init_scale) / depth; /* ln w0 */
    const double log_u1 = log(threshold) / depth;
    const double step = log_u1 + log_rho - log_start; /* ln(u1/u0) */
    double sum = exp(-last * log_rho) * (step + log_of_complements(log_u1, step));

    for (double j = 1.0; j <= last; j += 1.0) {
        sum += exp(-(last - j) * log_rho - j * log_start) * -expm1(-j * step) / j;
    }
    return sum / feature->lambda;
}

/* Gauss-Legendre, 16 points: the positive half of the nodes and their weights. */
static const double gauss_node[] = {
    0.09501250983763744019, 0.28160355077925891323, 0.45801677765722738634, 0.61787624440264374845,
    0.75540440835500303390, 0.86563120238783174388, 0.94457502307323257608, 0.98940093499164993260};
static const double gauss_weight[] = {
    0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819, 0.14959598881657673208,
    0.12462897125553387205, 0.09515851168249278481, 0.06225352393864789286, 0.02715245941175409485};

/* int (1 + e^{-v})^a dv over [centre - half, centre + half]. */
static double panel(double a, double centre, double half)
{
    double sum = 0.0;

    for (size_t i = 0; i < sizeof gauss_node / sizeof gauss_node[0]; i++) {
        const double offset = half * gauss_node[i];
        sum += gauss_weight[i] *
               (exp(a * log1p(exp(-(centre - offset)))) + exp(a * log1p(exp(-(centre + offset)))));
    }
    return half * sum;
}

/*
 * MAE, with n = L+1, z = w^n/rho, a = (L-1)/n and v = ln(z/(1 - z)):
 *
 *     lambda t = int_{w0}^{w1} dw / (w^L (1 - w^n/rho))
 *              = rho^{-a} / n  int_{v0}^{v1} (1 + e^{-v})^a dv
 *
 * The integrand is analytic for |Im v| < pi, so that 16 points on panels of width 4 leave an error
 * of 3.4^{-32} (Bernstein's ellipse). Below v = -37 it is e^{-a v} to rounding, which has its
 * integral in closed form: rho^{-a} e^{-a v} is then w^{1-L}, finite wherever the time is.
 */
static double mae_critical_time(const jf_feature *feature, double threshold)
{
    enum { TAIL = -37, WIDTH = 4 };
    const double depth = (double)feature->depth;
    const double n = depth + 1.0;
    const double a = (depth - 1.0) / n;
    const double log_rho = log(feature->rho);
    const double log_z1 = n / depth * log(threshold);
    const double step = log_z1 + log_rho - n / depth * log(feature->init_scale); /* ln(z1/z0) */
    const double v1 = log_z1 - log(-expm1(log_z1));
    const double length = step + log_of_complements(log_z1, step); /* v1 - v0 */
    const double smooth = fmin(length, fmax(v1 - TAIL, 0.0));      /* the part above TAIL */
    const double panels = ceil(smooth / WIDTH);
    const double half = panels > 0.0 ? 0.5 * smooth / panels : 0.0;
    double sum = 0.0;

    for (double k = 0.0; k < panels; k += 1.0) {
        sum += panel(a, v1 - (2.0 * k + 1.0) * half, half);
    }
    sum *= exp(-a * log_rho);
    if (length > smooth) {
        const double tail = length - smooth;
        const double at_start = exp(-a * (v1 - length + log_rho));
        sum += a > 0.0 ? at_start * -expm1(-a * tail) / a : tail;
    }
    return sum / (n * feature->lambda);
}

jf_cell_status jf_feature_critical_time(const jf_feature *feature, double threshold, double *time)
{
    *time = NAN;
    if (log(feature->init_scale) >= log(threshold) + jf_feature_log_plateau(feature)) {
        return JF_STARTED_ABOVE;
    }
    const double exact = feature->objective == JF_JEPA ? jepa_critical_time(feature, threshold)
                                                       : mae_critical_time(feature, threshold);
    if (!isfinite(exact)) {
        return JF_NO_REFERENCE;
    }
    *time = fmax(exact, 0.0); /* a start within rounding of the threshold may come out before it */
    return JF_REACHED;
}

double jf_feature_critical_time_series(const jf_feature *feature)
{
    const double depth = (double)feature->depth;
    const double log_start = log(feature->init_scale) / depth;
    const double last = 2.0 * depth - 1.0;
    double sum = 0.0;

    if (feature->objective == JF_MAE) {
        return feature->depth == 1
                   ? -log_start / feature->lambda
                   : exp((1.0 - depth) * log_start) / ((depth - 1.0) * feature->lambda);
    }
    for (double n = 1.0; n <= last; n += 1.0) {
        sum += exp(-(last - n) * log(feature->rho) - n * log_start) / n;
    }
    return sum / feature->lambda;
}
