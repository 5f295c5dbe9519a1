"""The workspace: the folder that holds it all, so that nothing is half done, lost, or seen by others.

`catalogue.sqlite` says what exists (sources, snapshots, runs, decisions, refusals, history: ids, no people's values);
`data/` holds the tables as immutable Parquet parts. A command works on a copy of the catalogue and hands its changes
over in one transaction at the end (`catalogue.py`); parts are written before that, and what a killed command left is
swept by a later one. `folder.Workspace` is the door; the other modules each know one kind of thing in it:

    disk parts catalogue      files that are whole or not there; tables; the database
    identity sources          which record and which list is which, from import to import
    snapshots runs            a list as it was on a day; the tables of a run
    decisions refusals links  what people said; who said no; changed rows
    history                   what was done, and taking it back
"""
