"""The kinds of step, one module each, all with the same verbs (`kind.py`); `action.py` is the one list of them. Pure.

A kind says all about itself: how it is read and written, the statements and tables it amounts to, the text that is
confirmed, how it is told in documents, in which way it is carried out, and what a pause and a crash mean for it. Nobody
else asks of which kind a step is; only `zdtui/run/engine/perform.py` binds each kind to what carries it out.
"""
