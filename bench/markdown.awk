# markdown.awk - a table FOLDER/NAME.tsv as Markdown: the title, the columns, the rows.

BEGIN {
    FS = "\t"
    OFS = " | "
}

FNR == 1 {
    print "\n" substr($0, 3) "\n"
    next
}

{
    heading = sub(/^# /, "")
    $1 = $1
    print "| " $0 " |"
}

heading {
    gsub(/[^|]+/, "---")
    print "|" $0 "|"
}
