"""Payment channels: how each writes its references and its files, as data.

`references` makes and recognizes them, `layout` says how a file is written, `reading` turns a file into
movements, `planning` decides what each movement is before anything is written, `simulator` writes files
like theirs.
"""
