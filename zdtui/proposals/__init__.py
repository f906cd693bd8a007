"""Plans that somebody else proposes: a file in `proposals/`, and a note beside it that says who, for whom and when.

Whoever proposes, a program or a person, only ever adds files. Whether a step of a proposal may be run is asked of
`zdtui.run.decisions`: not before a person has read it.
"""
