#include "jepaflow/sweep/document.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/printable.h"

/* An input of the longest lists has fewer values; each takes some 100 bytes here. */
enum { DEEPEST = 16, MOST_VALUES = 300000, MESSAGE_SIZE = 1024 };

typedef struct {
    yaml_parser_t parser;
    const char *source;
    const char *text;
    size_t size;
    size_t values; /* nodes made so far */
} reader;

static jf_node node_at(const reader *r, jf_node_kind kind, yaml_mark_t mark)
{
    return (jf_node){
        .kind = kind, .source = r->source, .line = mark.line + 1, .column = mark.column + 1};
}

jf_status jf_node_fail(const jf_node *node, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (node->line == 0) {
        return jf_fail(JF_ERR_USAGE, "%s: %s", node->source, message);
    }
    return jf_fail(JF_ERR_USAGE, "%s:%zu:%zu: %s", node->source, node->line, node->column, message);
}

void jf_node_clear(jf_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->keys != NULL) {
            jf_node_clear(&node->keys[i]);
        }
        jf_node_clear(&node->items[i]);
    }
    free(node->text);
    free(node->keys);
    free(node->items);
    *node = (jf_node){0};
}

/* Room for one more item (and key, in a map), in blocks that double. */
static jf_status grow(jf_node *node)
{
    const size_t count = node->count;

    if ((count & (count - 1)) == 0) {
        const size_t room = count == 0 ? 1 : 2 * count;
        jf_node *items = realloc(node->items, room * sizeof *items);
        if (items == NULL) {
            return jf_fail_memory("the input");
        }
        node->items = items;
        if (node->kind == JF_NODE_MAP) {
            jf_node *keys = realloc(node->keys, room * sizeof *keys);
            if (keys == NULL) {
                return jf_fail_memory("the input");
            }
            node->keys = keys;
        }
    }
    return JF_OK;
}

/* ---- what is no text ---- */

static const char byte_order_mark[] = "\xef\xbb\xbf"; /* of UTF-8; no character of the text */

/* The place of a byte: lines and, within the last, characters before it. */
static jf_node place_of(const char *source, const char *text, size_t size, size_t offset)
{
    jf_node place = {.source = source, .line = 1, .column = 1};
    size_t at = size >= 3 && memcmp(text, byte_order_mark, 3) == 0 ? 3 : 0;

    for (; at < offset && at < size; at++) {
        if (text[at] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)text[at] & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

/*
 * A %TAG directive, which libyaml compares with all before it: a megabyte of them takes it ten
 * seconds. It begins a line, of which YAML has six kinds of ends; NULL: there is none.
 */
static const char *find_directive(const char *text, size_t size)
{
    const char *end = text + size;

    for (const char *at = text; (at = memmem(at, (size_t)(end - at), "%TAG", 4)) != NULL; at++) {
        const unsigned char before = at > text ? (unsigned char)at[-1] : '\n';
        if (before < ' ' || before > '~') {
            return at;
        }
    }
    return NULL;
}

jf_status jf_document_check_text(const char *source, const char *text, size_t size)
{
    const char *zero = memchr(text, '\0', size);
    const int wide =
        size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);

    if (wide) {
        return jf_fail(JF_ERR_USAGE, "%s:1:1: a text in UTF-16, expected YAML in UTF-8", source);
    }
    if (zero != NULL) {
        const jf_node place = place_of(source, text, size, (size_t)(zero - text));
        return jf_node_fail(&place, "a zero byte, expected YAML: this is not a text file");
    }
    const char *directive = find_directive(text, size);
    if (directive != NULL) {
        const jf_node place = place_of(source, text, size, (size_t)(directive - text));
        return jf_node_fail(&place, "'%%TAG', expected plain values: tags are not used here");
    }
    return JF_OK;
}

/* ---- from libyaml's events to nodes ---- */

/* A byte or character that libyaml's reader does not take. */
static jf_status reader_failed(const reader *r)
{
    const size_t offset = r->parser.problem_offset;
    const jf_node place = place_of(r->source, r->text, r->size, offset);
    const unsigned found = offset < r->size ? (unsigned char)r->text[offset] : 0;

    if (found >= 0x80) {
        return jf_node_fail(&place, "the byte 0x%02x, expected YAML in UTF-8: %s", found,
                            r->parser.problem);
    }
    return jf_node_fail(&place, "the control character 0x%02x, expected YAML", found);
}

/* libyaml's marks count characters; a byte order mark is none. */
static int is_tab(const reader *r, size_t index)
{
    const char *at = r->text, *end = r->text + r->size;

    at += r->size >= 3 && memcmp(at, byte_order_mark, 3) == 0 ? 3 : 0;
    for (; at < end; at++) {
        if (((unsigned char)*at & 0xc0) != 0x80 && index-- == 0) {
            return *at == '\t';
        }
    }
    return 0;
}

static jf_status yaml_failed(const reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const jf_node place = node_at(r, JF_NODE_SCALAR, p->problem_mark);
    const char *problem = p->problem != NULL ? p->problem : "not YAML";
    const char *context = p->context != NULL ? p->context : "";
    const char *comma = p->context != NULL ? ", " : "";

    if (p->error == YAML_MEMORY_ERROR) {
        return jf_fail_memory("the input");
    }
    if (p->error == YAML_READER_ERROR) {
        return reader_failed(r);
    }
    if (is_tab(r, p->problem_mark.index)) {
        return jf_node_fail(&place, "a tab, expected spaces: YAML is indented with spaces");
    }
    return jf_node_fail(&place, "%s%s%s", context, comma, problem);
}

static jf_status next_event(reader *r, yaml_event_t *event)
{
    return yaml_parser_parse(&r->parser, event) ? JF_OK : yaml_failed(r);
}

static jf_status read_node(reader *r, const yaml_event_t *event, int level, jf_node *out);

static jf_status refuse_decoration(const jf_node *node, const yaml_char_t *anchor,
                                   const yaml_char_t *tag)
{
    char shown[JF_SHORT_TEXT];

    if (anchor != NULL) {
        return jf_node_fail(node,
                            "an anchor '&%s', expected plain values: anchors are not used here",
                            jf_printable_shorten((const char *)anchor, shown));
    }
    if (tag != NULL) {
        return jf_node_fail(node, "a tag '%s', expected plain values: tags are not used here",
                            jf_printable_shorten((const char *)tag, shown));
    }
    return JF_OK;
}

static jf_status read_scalar(const yaml_event_t *event, jf_node *out)
{
    const char *value = (const char *)event->data.scalar.value;

    JF_TRY(refuse_decoration(out, event->data.scalar.anchor, event->data.scalar.tag));
    if (strlen(value) != event->data.scalar.length) {
        return jf_node_fail(out, "a text with a zero byte");
    }
    out->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    out->text = strdup(value);
    return out->text != NULL ? JF_OK : jf_fail_memory("the input");
}

/* The next event's node into *out; *ended where it was the end of the collection instead. */
static jf_status read_next(reader *r, yaml_event_type_t end, int level, jf_node *out, int *ended)
{
    yaml_event_t event;

    JF_TRY(next_event(r, &event));
    *ended = event.type == end;
    const jf_status status = *ended ? JF_OK : read_node(r, &event, level, out);
    yaml_event_delete(&event);
    return status;
}

/* By their texts; equal ones as they stand in the input. */
static int compare_keys(const void *a, const void *b)
{
    const jf_node *x = *(const jf_node *const *)a;
    const jf_node *y = *(const jf_node *const *)b;
    const int order = strcmp(x->text, y->text);

    return order != 0 ? order : (x > y) - (x < y);
}

/* Refuse the first key of a map that is the same as one before it. */
static jf_status refuse_twins(const jf_node **sorted, size_t count)
{
    const jf_node *second = NULL, *first = NULL;
    char shown[JF_SHORT_TEXT];

    for (size_t i = 1; i < count; i++) {
        const int same = strcmp(sorted[i]->text, sorted[i - 1]->text) == 0;
        if (same && (second == NULL || sorted[i] < second)) {
            second = sorted[i];
            first = sorted[i - 1];
        }
    }
    return second == NULL ? JF_OK
                          : jf_node_fail(second, "'%s' is given twice, first in line %zu",
                                         jf_printable_shorten(second->text, shown), first->line);
}

/* Sorted, because an input may have a hundred thousand keys where one was expected. */
static jf_status check_distinct(const jf_node *map)
{
    const jf_node **sorted = malloc((map->count + 1) * sizeof *sorted);

    if (sorted == NULL) {
        return jf_fail_memory("the input");
    }
    for (size_t i = 0; i < map->count; i++) {
        sorted[i] = &map->keys[i];
    }
    qsort(sorted, map->count, sizeof *sorted, compare_keys);
    const jf_status status = refuse_twins(sorted, map->count);
    free(sorted);
    return status;
}

/* Items up to the end of a list or map. An item is counted only when it is whole, key and all. */
static jf_status read_items(reader *r, yaml_event_type_t end, int level, jf_node *out)
{
    for (;;) {
        jf_node key = {0};
        int ended = 0;

        JF_TRY(grow(out));
        if (out->kind == JF_NODE_MAP) {
            jf_status status = read_next(r, end, level, &key, &ended);
            if (status == JF_OK && !ended && key.kind != JF_NODE_SCALAR) {
                status = jf_node_fail(&key, "a list or map as a key, expected a name");
            }
            if (status != JF_OK || ended) {
                jf_node_clear(&key);
                return status;
            }
        }
        jf_node item = {0};
        const jf_status status = read_next(r, end, level, &item, &ended);
        if (status != JF_OK || ended) {
            jf_node_clear(&key);
            jf_node_clear(&item);
            return status;
        }
        if (out->kind == JF_NODE_MAP) {
            out->keys[out->count] = key;
        }
        out->items[out->count++] = item;
    }
}

static jf_status read_node(reader *r, const yaml_event_t *event, int level, jf_node *out)
{
    *out = node_at(r, JF_NODE_SCALAR, event->start_mark);
    if (level > DEEPEST) {
        return jf_node_fail(out, "nested more than %d deep", DEEPEST);
    }
    if (++r->values > MOST_VALUES) {
        return jf_node_fail(out, "more than %d values, expected an input of fewer", MOST_VALUES);
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(event, out);
    case YAML_SEQUENCE_START_EVENT:
        out->kind = JF_NODE_LIST;
        JF_TRY(refuse_decoration(out, event->data.sequence_start.anchor,
                                 event->data.sequence_start.tag));
        return read_items(r, YAML_SEQUENCE_END_EVENT, level + 1, out);
    case YAML_MAPPING_START_EVENT:
        out->kind = JF_NODE_MAP;
        JF_TRY(refuse_decoration(out, event->data.mapping_start.anchor,
                                 event->data.mapping_start.tag));
        JF_TRY(read_items(r, YAML_MAPPING_END_EVENT, level + 1, out));
        return check_distinct(out);
    case YAML_ALIAS_EVENT:
        return jf_node_fail(out, "an alias, expected plain values: aliases are not used here");
    default:
        return jf_node_fail(out, "expected a value");
    }
}

/* Skip events that open the stream and the document, up to the first of the content. */
static jf_status read_document(reader *r, jf_node *root)
{
    yaml_event_t event;

    for (;;) {
        JF_TRY(next_event(r, &event));
        const yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT) {
            yaml_event_delete(&event);
            continue;
        }
        *root = node_at(r, JF_NODE_SCALAR, event.start_mark);
        const jf_status status = type == YAML_STREAM_END_EVENT
                                     ? jf_node_fail(root, "is empty, expected an input")
                                     : read_node(r, &event, 0, root);
        yaml_event_delete(&event);
        JF_TRY(status);
        break;
    }
    JF_TRY(next_event(r, &event)); /* the document's end */
    yaml_event_delete(&event);
    JF_TRY(next_event(r, &event));
    const int last = event.type == YAML_STREAM_END_EVENT;
    const jf_node second = node_at(r, JF_NODE_SCALAR, event.start_mark);
    yaml_event_delete(&event);
    return last ? JF_OK : jf_node_fail(&second, "a second document, expected one");
}

jf_status jf_document_parse(const char *source, const char *text, size_t size, jf_node *root)
{
    reader r = {.source = source, .text = text, .size = size};

    *root = (jf_node){0};
    JF_TRY(jf_document_check_text(source, text, size));
    if (!yaml_parser_initialize(&r.parser)) {
        return jf_fail_memory("the input");
    }
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
    const jf_status status = read_document(&r, root);
    yaml_parser_delete(&r.parser);
    if (status != JF_OK) {
        jf_node_clear(root);
    }
    return status;
}

jf_node *jf_node_find(const jf_node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->keys[i].text, key) == 0) {
            return &map->items[i];
        }
    }
    return NULL;
}

jf_status jf_node_find_or_add(jf_node *map, const char *key, const jf_node *origin, jf_node **item)
{
    assert(map->kind == JF_NODE_MAP);
    *item = jf_node_find(map, key);
    if (*item != NULL) {
        return JF_OK;
    }
    JF_TRY(grow(map));
    jf_node added = {.source = origin->source, .line = origin->line, .column = origin->column};
    added.text = strdup(key);
    if (added.text == NULL) {
        return jf_fail_memory("the input");
    }
    map->keys[map->count] = added;
    added.text = NULL;
    added.kind = JF_NODE_MAP;
    map->items[map->count] = added;
    *item = &map->items[map->count++];
    return JF_OK;
}

void jf_node_remove(jf_node *map, const char *key)
{
    jf_node *item = jf_node_find(map, key);
    const size_t place = (size_t)(item - map->items), after = --map->count - place;

    jf_node_clear(item);
    jf_node_clear(&map->keys[place]);
    memmove(item, item + 1, after * sizeof *item);
    memmove(&map->keys[place], &map->keys[place + 1], after * sizeof *map->keys);
}

void jf_node_replace(jf_node *node, jf_node *value)
{
    jf_node_clear(node);
    *node = *value;
    *value = (jf_node){0};
}
