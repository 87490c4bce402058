/*
 * test_document.c - YAML as a tree: what stands where, and what is refused with its place.
 */
#include "../support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/sweep/document.h"

static jf_status parse(const char *text, jf_node *root)
{
    return jf_document_parse("in.yaml", text, strlen(text), root);
}

/* Refused with this message; the tree is left empty. */
static void refuse(const char *text, const char *message)
{
    jf_node root;

    assert_refused(parse(text, &root), JF_ERR_USAGE, message);
    assert_null(root.items);
    assert_null(root.text);
}

/* Lines and columns counted by hand, from 1. */
static void nodes_remember_where_they_stood(void **state)
{
    jf_node root;

    (void)state;
    assert_ok(
        parse("# comment\ntitle: A b\nsweep:\n  depth: [1, 22]\n  'x y': {a: \"q\"}\n", &root));
    assert_int_equal(root.kind, JF_NODE_MAP);
    assert_int_equal(root.count, 2);
    assert_string_equal(root.source, "in.yaml");
    const jf_node *title = jf_node_find(&root, "title");
    assert_string_equal(title->text, "A b");
    assert_int_equal(title->line, 2);
    assert_int_equal(title->column, 8);
    assert_false(title->quoted);
    const jf_node *sweep = jf_node_find(&root, "sweep");
    const jf_node *depth = jf_node_find(sweep, "depth");
    assert_int_equal(depth->kind, JF_NODE_LIST);
    assert_int_equal(depth->count, 2);
    assert_string_equal(depth->items[1].text, "22");
    assert_int_equal(depth->items[1].line, 4);
    assert_int_equal(depth->items[1].column, 14);
    assert_string_equal(sweep->keys[1].text, "x y");
    assert_int_equal(sweep->keys[1].line, 5);
    assert_int_equal(sweep->keys[1].column, 3);
    assert_true(jf_node_find(jf_node_find(sweep, "x y"), "a")->quoted);
    assert_null(jf_node_find(sweep, "absent"));
    jf_node_clear(&root);
    assert_null(root.items);
}

/* More items than any first block, by their number. */
static void long_lists_and_maps_are_whole(void **state)
{
    static char text[200000];
    size_t used = 0;
    jf_node root;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        used += (size_t)sprintf(text + used, "k%d: [%d, %d, {a: %d}]\n", i, i, i + 1, i);
    }
    assert_ok(parse(text, &root));
    assert_int_equal(root.count, 1000);
    for (int i = 0; i < 1000; i++) {
        char key[16];
        sprintf(key, "k%d", i);
        assert_int_equal(atoi(jf_node_find(&root, key)->items[1].text), i + 1);
        assert_int_equal(jf_node_find(&root, key)->line, i + 1);
    }
    jf_node_clear(&root);
}

/* The same thing said twice, with both places. */
static void duplicate_keys_are_refused(void **state)
{
    (void)state;
    refuse("a: 1\nb: 2\na: 3\n", "in.yaml:3:1: 'a' is given twice, first in line 1");
    refuse("s:\n  x: {p: 1, p: 2}\n", "in.yaml:2:13: 'p' is given twice, first in line 2");
    refuse("b: 1\na: 2\nb: 3\na: 4\nb: 5\n", "in.yaml:3:1: 'b' is given twice, first in line 1");
}

/* YAML beyond plain values. */
static void anchors_aliases_and_tags_are_refused(void **state)
{
    (void)state;
    refuse("a: &x 1\n", "in.yaml:1:4: an anchor '&x'");
    refuse("a: &x [1]\n", "in.yaml:1:4: an anchor '&x'");
    refuse("a: &x {b: 1}\n", "in.yaml:1:4: an anchor '&x'");
    refuse("b: *x\n", "in.yaml:1:4: an alias");
    refuse("a: !!int 3\n", "in.yaml:1:4: a tag 'tag:yaml.org,2002:int'");
    refuse("a: !mine [1]\n", "in.yaml:1:4: a tag '!mine'");
    refuse("a: !mine {b: 1}\n", "in.yaml:1:4: a tag '!mine'");
    refuse("# \n%TAG ! x\n---\na: 1\n", "in.yaml:2:1: '%TAG', expected plain values");
    refuse("\xef\xbb\xbf"
           "%TAG ! x\n---\na: 1\n",
           "in.yaml:1:1: '%TAG', expected plain values");
}

/* %TAG is one only where a line begins. */
static void a_word_like_a_directive_is_a_word(void **state)
{
    jf_node root;

    (void)state;
    assert_ok(parse("a: 100%TAG x %TAG\n", &root));
    assert_string_equal(root.items[0].text, "100%TAG x %TAG");
    jf_node_clear(&root);
}

/* The one mistake that YAML explains worst. */
static void tabs_are_named_as_such(void **state)
{
    (void)state;
    refuse("sweep:\n\tdepth: 3\n", "in.yaml:2:1: a tab, expected spaces");
    refuse("sweep:\n  depth: 3\n\tseed: 1\n", "a tab, expected spaces");
    refuse("\xef\xbb\xbf"
           "s: \xc3\xa9\xce\xbb\n\td: 3\n",
           "in.yaml:2:1: a tab, expected spaces");
}

/* Text that is no UTF-8, by line and column, counted in characters. */
static void bytes_that_are_no_text_are_placed(void **state)
{
    jf_node root;

    (void)state;
    refuse("a: 1\nb: \xc3\xa9x\xe9\n", "in.yaml:2:6: the byte 0xe9, expected YAML in UTF-8");
    refuse("\xef\xbb\xbf"
           "a: \xff\n",
           "in.yaml:1:4: the byte 0xff, expected YAML in UTF-8");
    refuse("a: 1\nb: \033[2J\n", "in.yaml:2:4: the control character 0x1b, expected YAML");
    refuse("\xff\xfe"
           "ab",
           "in.yaml:1:1: a text in UTF-16, expected YAML in UTF-8");
    assert_refused(jf_document_parse("in.yaml", "\xfe\xff\0a", 4, &root), JF_ERR_USAGE,
                   "a text in UTF-16");
    assert_refused(jf_document_parse("in.yaml", "a: 1\nb: \0\1\2", 10, &root), JF_ERR_USAGE,
                   "in.yaml:2:4: a zero byte, expected YAML");
}

/* A byte order mark is no character: what stands in the first line has its column all the same. */
static void a_byte_order_mark_is_left_out(void **state)
{
    jf_node root;

    (void)state;
    assert_ok(parse("\xef\xbb\xbf"
                    "a: b\n",
                    &root));
    assert_string_equal(root.keys[0].text, "a");
    assert_int_equal(root.items[0].column, 4);
    jf_node_clear(&root);
}

/* `count` times a text behind a beginning, and a last one. */
static char *repeat(const char *begin, const char *text, size_t count, const char *end)
{
    const size_t length = strlen(text), first = strlen(begin);
    char *all = malloc(first + count * length + strlen(end) + 1);

    assert_non_null(all);
    strcpy(all, begin);
    for (size_t i = 0; i < count; i++) {
        memcpy(all + first + i * length, text, length);
    }
    strcpy(all + first + count * length, end);
    return all;
}

/* What is quoted in a message leaves room for what was expected. */
static void long_texts_do_not_push_out_the_message(void **state)
{
    char *tag = repeat("!", "t", 5000, " 1"), *key = repeat("{? ", "k", 5000, " : 1, ? "), *twice;

    (void)state;
    refuse(tag, "...', expected plain values: tags are not used here");
    twice = repeat(key, "k", 5000, " : 2}");
    refuse(twice, "kkk...' is given twice, first in line 1");
    free(tag);
    free(key);
    free(twice);
}

/* Sixteen levels are enough for everyone; a bomb of brackets is stopped, not followed. */
static void deep_nesting_is_refused(void **state)
{
    static char text[100001];
    jf_node root;

    (void)state;
    memset(text, '[', 16);
    memset(text + 16, ']', 16);
    assert_ok(parse(text, &root));
    jf_node_clear(&root);
    memset(text, '[', 18);
    memset(text + 18, ']', 18);
    refuse(text, "nested more than 16 deep");
    memset(text, '[', 100000);
    refuse(text, "nested more than 16 deep");
}

/* Files that hold no input at all. */
static void what_is_no_document_is_refused(void **state)
{
    (void)state;
    refuse("", "in.yaml:1:1: is empty");
    refuse("# only a comment\n", "is empty");
    refuse("a: 1\n---\nb: 2\n", "a second document, expected one");
    refuse("a: [1, 2\nb: 3\n", "in.yaml:");
    refuse("a: 'open\n", "in.yaml:");
    refuse("? [a, b]\n: 1\n", "a list or map as a key, expected a name");
    refuse("a: \"x\\0y\"\n", "a text with a zero byte");
    refuse("\x89HDF\r\n\x1a\n", "in.yaml:1:1: the byte 0x89, expected YAML in UTF-8");
}

/* Every prefix of a text with all kinds of nodes: parsed or refused with a message, never more. */
static void every_truncation_is_parsed_or_refused(void **state)
{
    static const char text[] =
        "t: \"a b\"\ns:\n  d: [1, {x: 2, y: [3]}]\n  - e\nf: {g: h, i: 'j'}\n";
    jf_node root;

    (void)state;
    for (size_t size = 0; size < sizeof text; size++) {
        hear();
        const jf_status status = jf_document_parse("in.yaml", text, size, &root);
        const char *message = heard();
        assert_true(status == JF_OK ? message[0] == '\0' : strncmp(message, "in.yaml", 7) == 0);
        jf_node_clear(&root);
    }
}

/* What --set does to a tree: a path is made, a node replaced. */
static void keys_are_added_and_nodes_replaced(void **state)
{
    const jf_node option = {.source = "--set new=[7, 8]"};
    jf_node root, value, *item;

    (void)state;
    assert_ok(parse("a: {b: 1}\n", &root));
    assert_ok(jf_node_find_or_add(&root, "a", &option, &item));
    assert_int_equal(item->count, 1);
    assert_ok(jf_node_find_or_add(&root, "new", &option, &item));
    assert_int_equal(item->kind, JF_NODE_MAP);
    assert_int_equal(item->count, 0);
    assert_string_equal(item->source, option.source); /* messages name who added it */
    assert_int_equal(root.count, 2);
    assert_ok(parse("[7, 8]", &value));
    jf_node_replace(item, &value);
    assert_null(value.items);
    assert_int_equal(jf_node_find(&root, "new")->count, 2);
    assert_string_equal(jf_node_find(&root, "new")->items[0].text, "7");
    jf_node_clear(&root);
}

/* With a line, file:line:column; without, the source alone. */
static void messages_begin_with_the_place(void **state)
{
    const jf_node placed = {.source = "f.yaml", .line = 3, .column = 9},
                  whole = {.source = "--set x"};

    (void)state;
    assert_refused(jf_node_fail(&placed, "%d is wrong", 5), JF_ERR_USAGE,
                   "f.yaml:3:9: 5 is wrong\n");
    assert_refused(jf_node_fail(&whole, "%d is wrong", 5), JF_ERR_USAGE, "--set x: 5 is wrong\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_remember_where_they_stood),
        cmocka_unit_test(long_lists_and_maps_are_whole),
        cmocka_unit_test(duplicate_keys_are_refused),
        cmocka_unit_test(anchors_aliases_and_tags_are_refused),
        cmocka_unit_test(tabs_are_named_as_such),
        cmocka_unit_test(a_word_like_a_directive_is_a_word),
        cmocka_unit_test(bytes_that_are_no_text_are_placed),
        cmocka_unit_test(a_byte_order_mark_is_left_out),
        cmocka_unit_test(long_texts_do_not_push_out_the_message),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(every_truncation_is_parsed_or_refused),
        cmocka_unit_test(keys_are_added_and_nodes_replaced),
        cmocka_unit_test(messages_begin_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
