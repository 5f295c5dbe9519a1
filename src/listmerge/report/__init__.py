"""The conflict report: what was merged, who may be written to, and what a person must decide; page and workbook."""
