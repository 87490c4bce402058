#include "jepaflow/figures/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void jf_range_add(jf_range *r, double value)
{
    if (isfinite(value)) {
        r->low = fmin(r->low, value);
        r->high = fmax(r->high, value);
    }
}

double jf_axis_step(double span, double most)
{
    static const double steps[] = {1.0, 2.0, 5.0};
    const double decade = pow(10.0, floor(log10(span / most)));

    for (size_t k = 0; k < 3; k++) {
        if (most * steps[k] * decade >= span * (1.0 - 1e-9)) {
            return steps[k] * decade;
        }
    }
    return 10.0 * decade;
}

/* Numbers of this width, points, fit along the axis; on y their height counts. */
static double most_numbers(const jf_panel_axis *axis, double width)
{
    const double each = axis->name[0] != 'y' ? width + 0.9 * JF_STYLE_TEXT : 1.9 * JF_STYLE_TEXT;

    return fmax(2.0, axis->length / each);
}

static void set_range(jf_figure *figure, const jf_panel_axis *axis, double low, double high)
{
    jf_string_add(&figure->script, "set %srange [%.8g:%.8g]\n", axis->name, low, high);
}

/* ---- linear ---- */

static double widest_number(double low, double high, double step)
{
    double widest = 0.0;
    char text[32];

    for (double k = ceil(low / step); k * step <= high; k++) {
        snprintf(text, sizeof text, "%.6g", k * step);
        widest = fmax(widest, jf_style_text_width(text, JF_STYLE_TEXT));
    }
    return widest;
}

/* The smallest step whose numbers do not touch. */
static double linear_step(const jf_panel_axis *axis, double low, double high)
{
    const double span = high - low;
    double step = jf_axis_step(span, axis->name[0] != 'y' ? 5.0 : 4.0);

    while (span / step > most_numbers(axis, widest_number(low, high, step))) {
        const double next = jf_axis_step(span, 0.9 * span / step);
        if (next > span) { /* there would be none */
            break;
        }
        step = next;
    }
    return axis->kind == JF_AXIS_INTEGER ? fmax(1.0, step) : step;
}

static void set_linear(jf_figure *figure, const jf_panel_axis *axis)
{
    double low = axis->range.low, high = axis->range.high;
    jf_string *s = &figure->script;

    if (!(high > low)) { /* one value, or none */
        const double middle = high == low ? low : 0.0;
        low = middle - (axis->kind == JF_AXIS_INTEGER ? 1.0 : fmax(0.1 * fabs(middle), 1e-3));
        high = middle + (middle - low);
    }
    const double room = axis->tight ? 0.0 : 0.06 * (high - low);
    const double step = linear_step(axis, low - room, high + room);
    jf_string_add(s, "unset logscale %s\n", axis->name);
    set_range(figure, axis, low - room, high + room);
    jf_string_add(s, "set %stics (", axis->name);
    const double first = ceil((low - room) / step - 1e-9);
    const double last = floor((high + room) / step + 1e-9);
    for (double k = first; k <= last; k++) {
        const double value = k == 0.0 ? 0.0 : k * step;
        if (axis->bare) {
            jf_string_add(s, "%s'' %.10g", k > first ? ", " : "", value);
        } else {
            jf_string_add(s, "%s'%.6g' %.10g", k > first ? ", " : "", value, value);
        }
    }
    jf_string_add(s, ")\n");
}

/* ---- logarithmic ---- */

/* A tick at digit x 10^decade: named, a plain one (level 0) without, or a small one (level 1). */
static void add_log_tick(jf_string *s, const jf_panel_axis *axis, double digit, double decade,
                         int named)
{
    const double value = digit * pow(10.0, decade);
    const char *comma = s->text[s->size - 1] == '(' ? "" : ", ";

    if (!named || axis->bare) {
        jf_string_add(s, "%s'' %.8g %d", comma, value, digit == 1.0 ? 0 : 1);
    } else if (decade >= -2.0 && decade <= 3.0 && axis->range.high < 2e4 &&
               axis->range.low > 5e-3) {
        jf_string_add(s, "%s'%.6g' %.8g", comma, value, value);
    } else if (digit == 1.0) {
        jf_string_add(s, "%s'10^{%.0f}' %.8g", comma, decade, value);
    } else {
        jf_string_add(s, "%s'%.0f·10^{%.0f}' %.8g", comma, digit, decade, value);
    }
}

/* Which ticks have a number: some digits of each decade, or 1 of every `stride` decades. */
typedef struct {
    const char *digits;
    double stride;
} log_ticks;

static log_ticks choose_log_ticks(const jf_panel_axis *axis, double low, double high)
{
    const double decades = log10(high / low);
    const double most = most_numbers(axis, 18.0), most_wide = most_numbers(axis, 30.0);
    static const char *const digits[] = {"123456789", "1235", "125", "13"};
    log_ticks t = {.digits = "1", .stride = 1.0};

    for (size_t k = sizeof digits / sizeof digits[0]; k-- > 0;) {
        if ((double)strlen(digits[k]) * decades <= most_wide) {
            t.digits = digits[k];
        }
    }
    while (decades / t.stride > most) {
        t.stride++;
    }
    return t;
}

static void set_log_ticks(jf_figure *figure, const jf_panel_axis *axis, double low, double high)
{
    const log_ticks t = choose_log_ticks(axis, low, high);
    jf_string *s = &figure->script;

    jf_string_add(s, "set %stics (", axis->name);
    for (double decade = floor(log10(low) + 1e-9); decade <= log10(high) + 1e-9; decade++) {
        for (double digit = 1.0; digit < 10.0; digit++) {
            const double value = digit * pow(10.0, decade);
            const int named =
                strchr(t.digits, '0' + (int)digit) != NULL && fmod(decade, t.stride) == 0.0;
            if (value >= low * (1.0 - 1e-9) && value <= high * (1.0 + 1e-9) &&
                (digit == 1.0 || t.stride == 1.0)) {
                add_log_tick(s, axis, digit, decade, named);
            }
        }
    }
    jf_string_add(s, ")\n");
}

static void set_logarithmic(jf_figure *figure, const jf_panel_axis *axis)
{
    const double room = axis->tight ? 1.0 : pow(axis->range.high / axis->range.low, 0.06);
    const double low = axis->range.low / room, high = axis->range.high * room;

    jf_string_add(&figure->script, "set logscale %s\n", axis->name);
    set_range(figure, axis, low, high);
    set_log_ticks(figure, axis, low, high);
}

void jf_axis_set(jf_figure *figure, const jf_panel_axis *axis)
{
    static const double least[] = {
        [JF_AXIS_LINEAR] = INFINITY,
        [JF_AXIS_LOG] = 2.5,
        [JF_AXIS_RATIO] = 10.0,
        [JF_AXIS_INTEGER] = 20.0,
    };

    if (axis->range.low > 0.0 && axis->range.high >= least[axis->kind] * axis->range.low) {
        set_logarithmic(figure, axis);
    } else {
        set_linear(figure, axis);
    }
}

/* So few names that they do not touch; if it costs little, the last among them. */
static size_t find_stride(const jf_panel_axis *axis, const char *const *names, size_t count)
{
    double widest = 0.0;

    for (size_t k = 0; k < count; k++) {
        widest = fmax(widest, jf_style_text_width(names[k], JF_STYLE_TEXT));
    }
    const size_t most = (size_t)most_numbers(axis, widest);
    const size_t least = (count + most - 1) / most;
    size_t stride = least;
    while (stride < 2 * least && (count - 1) % stride != 0) {
        stride++;
    }
    return (count - 1) % stride == 0 ? stride : least;
}

void jf_axis_set_names(jf_figure *figure, const char *name, const char *const *names, size_t count,
                       double length)
{
    const jf_panel_axis axis = {.name = name, .length = length};
    jf_string *s = &figure->script;

    jf_string_add(s, "unset logscale %s\nset %srange [-0.5:%.1f]\nset %stics scale 0 (", name, name,
                  (double)count - 0.5, name);
    const size_t stride = names != NULL ? find_stride(&axis, names, count) : count;
    for (size_t k = 0; k < count; k += stride) {
        jf_string_add(s, k > 0 ? ", " : "");
        jf_gnuplot_quote(s, names != NULL ? names[k] : "", 16);
        jf_string_add(s, " %zu", k);
    }
    jf_string_add(s, ") noenhanced\n");
}
