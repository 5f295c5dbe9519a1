"""What the program does, one function a verb; each that writes is one transaction on the workspace.

    place.py         where: workspace, configuration, the clock, who listens
    files.py         what FILE… means: folders, globs, names; list registers
    reading.py       how one file is read, and what is known beside it: own layouts, confirmed mappings, addresses
    importing.py     files -> snapshots: sources, identity, the guard against lists that shrank
    cleaning.py      snapshots -> cleaned contacts, made once per part; refusals that stand for ever
    matching.py      contacts -> a run: the stages, the books
    publishing.py    a run -> files, all or none
    import_alone.py  import
    deduping.py      dedupe
    running.py       run
    exporting.py     export, report
    looking.py       inspect, status, history, layouts
    explaining.py    explain
    evaluating.py    evaluate
    deciding.py      decide, suppress, undo
"""
