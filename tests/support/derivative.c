#include "derivative.h"

#include <math.h>

#include "check.h"
#include "matrices.h"

enum { MOST_STATE = 2000 };

double derivative_error(const jf_model *model, const double *state, const double *direction)
{
    static const double offset[4] = {-2.0, -1.0, 1.0, 2.0};
    static const double factor[4] = {1.0, -8.0, 8.0, -1.0};
    const size_t size = jf_model_size(model);
    const double h = 1e-3;
    double moved[MOST_STATE], rate[MOST_STATE], product[MOST_STATE], expected[MOST_STATE] = {0};

    assert_true(size <= MOST_STATE);
    for (int k = 0; k < 4; k++) {
        for (size_t i = 0; i < size; i++) {
            moved[i] = state[i] + offset[k] * h * direction[i];
        }
        model->kind->rate(model, moved, rate);
        for (size_t i = 0; i < size; i++) {
            expected[i] += factor[k] * rate[i] / (12.0 * h);
        }
    }
    model->kind->rate(model, state, rate);
    model->kind->derivative(model, state, direction, product);
    return largest_difference(size, product, expected) / largest(size, expected);
}

double linearity_error(const jf_model *model, const double *state, const double *x, const double *y)
{
    const size_t size = jf_model_size(model);
    double sum[MOST_STATE], rate[MOST_STATE];
    double of_x[MOST_STATE], of_y[MOST_STATE], of_sum[MOST_STATE];

    assert_true(size <= MOST_STATE);
    for (size_t i = 0; i < size; i++) {
        sum[i] = 2.0 * x[i] - 3.0 * y[i];
    }
    model->kind->rate(model, state, rate);
    model->kind->derivative(model, state, x, of_x);
    model->kind->derivative(model, state, y, of_y);
    model->kind->derivative(model, state, sum, of_sum);
    for (size_t i = 0; i < size; i++) {
        of_x[i] = 2.0 * of_x[i] - 3.0 * of_y[i];
    }
    return largest_difference(size, of_sum, of_x) / largest(size, of_sum);
}
