#include "jepaflow/figures/map.h"

#include <math.h>
#include <string.h>

#include "jepaflow/report/statistics.h"

enum { MOST_CELLS = 48, FEW_CELLS = 24 }; /* along an axis; fewer are parted by gaps */

static const double bar_height = 5.0;

/* One axis of the cells. */
typedef struct {
    size_t axis; /* place in dataset->axis, or dataset->axes for the features */
    size_t count, value[MOST_CELLS];
    char text[MOST_CELLS][64];
    const char *name[MOST_CELLS];
} cell_axis;

/* A figure while it is made. */
typedef struct {
    jf_atlas *atlas;
    const jf_map *map;
    jf_figure figure;
    jf_panel_grid grid;
    cell_axis x, y;
    size_t cells, holes;
    jf_range range;
} drawing;

/* ---- axes ---- */

static size_t choose_cells(const jf_atlas *a, size_t axis, size_t *value)
{
    const size_t features = a->dataset->features;
    const size_t count = features < MOST_CELLS ? features : MOST_CELLS;

    if (axis < a->dataset->axes) {
        return jf_atlas_thin(a, axis, MOST_CELLS, value);
    }
    for (size_t k = 0; k < count; k++) {
        value[k] = jf_statistics_spread(k, count, features);
    }
    return count;
}

static void init_axis(const jf_atlas *a, size_t axis, cell_axis *out)
{
    out->axis = axis;
    out->count = choose_cells(a, axis, out->value);
    for (size_t k = 0; k < out->count; k++) {
        if (axis < a->dataset->axes) {
            jf_atlas_name(a, axis, out->value[k], out->text[k], sizeof out->text[k]);
        } else {
            snprintf(out->text[k], sizeof out->text[k], "%zu", out->value[k]);
        }
        out->name[k] = out->text[k];
    }
}

static const char *axis_name(const jf_atlas *a, size_t axis)
{
    return axis < a->dataset->axes ? jf_parameter_get(a->dataset->axis[axis].parameter)->name
                                   : "feature";
}

static double axis_value(const jf_atlas *a, size_t axis, size_t value)
{
    return axis < a->dataset->axes ? a->dataset->axis[axis].values[value] : (double)value;
}

static int is_axis(const drawing *m, size_t axis)
{
    return m->x.axis == axis || m->y.axis == axis;
}

/* ---- data ---- */

/* Where a cell is in the dataset. */
static size_t find_cell(const drawing *m, size_t row, size_t column, size_t i, size_t j,
                        size_t position[JF_PARAMETERS])
{
    const jf_atlas *a = m->atlas;
    size_t feature = a->feature;

    memset(position, 0, JF_PARAMETERS * sizeof *position);
    position[JF_P_OBJECTIVE] = a->axis[JF_P_OBJECTIVE].value[column];
    position[JF_P_SPECTRUM] = m->map->rows.spectrum[row];
    const struct {
        const cell_axis *axis;
        size_t at;
    } both[] = {{&m->x, i}, {&m->y, j}};
    for (size_t k = 0; k < 2; k++) {
        if (both[k].axis->axis < a->dataset->axes) {
            position[both[k].axis->axis] = both[k].axis->value[both[k].at];
        } else {
            feature = both[k].axis->value[both[k].at];
        }
    }
    return feature;
}

/* A line for each cell: where it is drawn, what is measured, what is exact, its values. */
static void add_cell(drawing *m, size_t row, size_t column, size_t i, size_t j)
{
    const jf_time_kind shown = m->atlas->survey->measured ? JF_TIME_MEASURED : JF_TIME_EXACT;
    size_t position[JF_PARAMETERS];
    const size_t feature = find_cell(m, row, column, i, j, position);
    jf_string *s = &m->figure.data;

    int hole = 0;

    jf_string_add(s, "%zu %zu", i, j);
    for (size_t kind = 0; kind < JF_TIME_KINDS; kind++) {
        const double value = m->map->value(m->atlas, (jf_time_kind)kind, position, feature);
        if (isnan(value)) {
            jf_string_add(s, " NaN");
        } else {
            jf_string_add(s, " %.10g", value);
        }
        if (kind == shown) {
            hole = isnan(value);
            jf_range_add(&m->range, value);
        }
    }
    m->cells++;
    m->holes += (size_t)hole;
    jf_string_add(s, " %.10g %.10g %d\n", axis_value(m->atlas, m->x.axis, m->x.value[i]),
                  axis_value(m->atlas, m->y.axis, m->y.value[j]), hole);
}

static void add_panel(drawing *m, size_t row, size_t column)
{
    const jf_axis *axis = m->atlas->dataset->axis;
    const char *objective =
        axis[JF_P_OBJECTIVE].labels[m->atlas->axis[JF_P_OBJECTIVE].value[column]];
    const char *spectrum = axis[JF_P_SPECTRUM].labels[m->map->rows.spectrum[row]];

    jf_figure_begin(&m->figure, "%s%s%s: column, row, measured, exact %s; %s, %s; hole",
                    is_axis(m, JF_P_OBJECTIVE) ? "all" : objective,
                    is_axis(m, JF_P_SPECTRUM) ? "" : ", ",
                    is_axis(m, JF_P_SPECTRUM) ? "" : spectrum, m->map->what,
                    axis_name(m->atlas, m->x.axis), axis_name(m->atlas, m->y.axis));
    for (size_t j = 0; j < m->y.count; j++) {
        for (size_t i = 0; i < m->x.count; i++) {
            add_cell(m, row, column, i, j);
        }
    }
}

/* ---- page ---- */

static void set_colours(drawing *m)
{
    const double length = 0.5 * JF_STYLE_WIDTH;
    const jf_panel_axis axis = {.name = "cb",
                                .kind = m->map->logarithmic ? JF_AXIS_LOG : JF_AXIS_LINEAR,
                                .range = m->range,
                                .length = length,
                                .tight = 1};

    jf_panel_set_palette(&m->figure);
    jf_axis_set(&m->figure, &axis);
    jf_string_add(&m->figure.script, "set cbtics scale 0.4 offset 0,0.5\nunset colorbox\n");
}

/* The colours' meaning, below the last panel. */
static void show_colours(drawing *m)
{
    const double y = 15.0, length = 0.5 * JF_STYLE_WIDTH, left = 0.42 * JF_STYLE_WIDTH;
    const double width = m->figure.width, height = m->figure.height;

    jf_string_add(&m->figure.script,
                  "set colorbox horizontal user origin screen %.5f, screen %.5f size screen %.5f, "
                  "screen %.5f noborder\n"
                  "set label '%s' at screen %.5f, screen %.5f right textcolor rgb ink\n",
                  left / width, y / height, length / width, bar_height / height, m->map->label,
                  (left - 8.0) / width, (y + 0.5 * bar_height) / height);
}

static void set_headings(drawing *m, size_t row, size_t column)
{
    const jf_atlas *a = m->atlas;
    char text[128];

    if (row == 0 && !is_axis(m, JF_P_OBJECTIVE)) {
        jf_panel_set_crown(&m->grid, column,
                           jf_panel_objective_name(jf_survey_objective(
                               a->survey, a->axis[JF_P_OBJECTIVE].value[column])),
                           &m->figure);
    }
    if (column == 0 && !is_axis(m, JF_P_SPECTRUM)) {
        m->map->heading(a, m->map->rows.spectrum[row], text);
        jf_panel_set_heading(&m->grid, row,
                             a->dataset->axis[JF_P_SPECTRUM].labels[m->map->rows.spectrum[row]],
                             text, &m->figure);
    }
}

/* A parameter's name, in which gnuplot would lower what follows a "_". */
static void axis_label(const jf_atlas *a, size_t axis, char text[64])
{
    size_t length = 0;

    for (const char *c = axis_name(a, axis); *c != '\0' && length < 60; c++) {
        if (*c == '_') {
            text[length++] = '\\';
        }
        text[length++] = *c;
    }
    text[length] = '\0';
}

static void set_axes(drawing *m, size_t row, size_t column)
{
    char x[64], y[64];

    axis_label(m->atlas, m->x.axis, x);
    axis_label(m->atlas, m->y.axis, y);
    jf_panel_set_place(&m->grid, row, column, &m->figure);
    jf_axis_set_names(&m->figure, "x", row + 1 < m->grid.rows ? NULL : m->x.name, m->x.count,
                      m->grid.width);
    jf_axis_set_names(&m->figure, "y", column > 0 ? NULL : m->y.name, m->y.count, m->grid.height);
    jf_panel_set_labels(&m->grid, row, column, row + 1 == m->grid.rows ? x : "",
                        column == 0 ? y : "", &m->figure);
}

static void draw_panel(drawing *m, size_t row, size_t column, size_t block)
{
    const double half_x = m->x.count <= FEW_CELLS ? 0.46 : 0.505;
    const double half_y = m->y.count <= FEW_CELLS ? 0.46 : 0.505;
    const int shown = m->atlas->survey->measured ? 3 : 4;

    set_axes(m, row, column);
    set_headings(m, row, column);
    if (row + 1 == m->grid.rows && column + 1 == m->grid.columns && m->range.high >= m->range.low) {
        show_colours(m);
    }
    jf_string_add(
        &m->figure.script,
        "plot '%s.dat' index %zu using 1:2:($1-%g):($1+%g):($2-%g):($2+%g):%d with "
        "boxxyerror fillstyle solid noborder linecolor palette, \\\n"
        "     '' index %zu using ($7 == 1 ? $1 : NaN):2 with points pointtype 2 pointsize "
        "0.4*mark linewidth 0.6 linecolor rgb soft\n",
        m->figure.name, block, half_x, half_x, half_y, half_y, shown, block);
    jf_panel_end(&m->figure);
}

static void write_subtitle(const drawing *m, jf_string *text)
{
    const size_t shown[] = {JF_P_OBJECTIVE, JF_P_SPECTRUM, m->x.axis, m->y.axis};

    jf_string_add(text, "%s; %s", m->map->subtitle,
                  m->atlas->survey->measured ? "measured" : "exact, as nothing is measured");
    if (m->holes > 0) {
        jf_string_add(text, "; ×: none (%zu of %zu)", m->holes, m->cells);
    }
    if (!is_axis(m, JF_P_SPECTRUM) && m->map->rows.count < m->map->rows.of) {
        jf_string_add(text, "; %zu of %zu spectra", m->map->rows.count, m->map->rows.of);
    }
    jf_atlas_add_place(m->atlas, shown, sizeof shown / sizeof shown[0], text);
}

static jf_status draw(drawing *m)
{
    const size_t columns = m->grid.columns, panels = m->grid.rows * columns;
    jf_string subtitle = {0};

    for (size_t p = 0; p < panels; p++) {
        add_panel(m, p / columns, p % columns);
    }
    if (m->map->range.high > m->map->range.low) {
        m->range = m->map->range;
    }
    write_subtitle(m, &subtitle);
    JF_TRY(jf_string_check(&subtitle));
    jf_panel_begin(&m->grid, m->atlas->dataset->title, subtitle.text, NULL, &m->figure);
    jf_string_clear(&subtitle);
    jf_string_add(&m->figure.script, "unset grid\n");
    set_colours(m);
    for (size_t p = 0; p < panels; p++) {
        draw_panel(m, p / columns, p % columns, p);
    }
    jf_panel_finish(&m->figure);
    return jf_atlas_finish(m->atlas, &m->figure, m->map->what);
}

/* The room that names need. */
static double widest_name(const cell_axis *axis)
{
    double widest = 0.0;

    for (size_t k = 0; k < axis->count; k++) {
        widest = fmax(widest, jf_style_text_width(axis->name[k], JF_STYLE_TEXT));
    }
    return fmin(widest, 70.0);
}

jf_status jf_map_draw(jf_atlas *a, const jf_map *map)
{
    drawing m = {.atlas = a, .map = map, .figure = {.style = a->style}};

    init_axis(a, map->x, &m.x);
    init_axis(a, map->y, &m.y);
    if (m.x.count * m.y.count < 2) {
        return jf_atlas_leave_out(a, map->name, "there is one value only on both axes of the map");
    }
    const int by_objective = is_axis(&m, JF_P_OBJECTIVE), by_spectrum = is_axis(&m, JF_P_SPECTRUM);
    m.range = (jf_range){INFINITY, -INFINITY};
    m.grid = (jf_panel_grid){
        .rows = by_spectrum ? 1 : map->rows.count,
        .columns = by_objective ? 1 : a->axis[JF_P_OBJECTIVE].count,
        .height = fmin(76.0, fmax(24.0, 10.0 * (double)m.y.count)),
        .left = 20.0 + widest_name(&m.y),
        .right = 6.0,
        .gap_x = 6.0 + 0.8 * widest_name(&m.x),
        .gap_y = 7.0,
        .bottom = 50.0,
        .crown = by_objective ? 0.0 : 11.0,
        .heading = by_spectrum ? 3.0 : 14.0,
    };
    snprintf(m.figure.name, sizeof m.figure.name, "%s", map->name);
    const jf_status status = draw(&m);
    jf_figure_clear(&m.figure);
    return status;
}
