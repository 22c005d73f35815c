"""Turn a council's markdown and CSV extracts into a static, checked, accessible site.

The chain, in `generator.build.build`, from frozen values to frozen values::

    snapshot -> read datasets, recompute -> parse pages -> assemble -> check, compare -> draw -> plan, render -> sync

Each result is remembered with all that it was made from (`generator.facts`).  A build while serving is this same chain
with a warm memo; there is no second path, and a test holds both against each other for random edits.

Only these modules touch the world: `sources` (reads), `output` (writes the site), `memo` (remembers on disk),
`charts.svg` and `charts.workers` (worker processes), `watch`, `served`, `server`, `restarts` (the preview), `editors`
(paths in links); the commands (`cli`, `cli_new`, `desk`, `desk_review`) read arguments and exit, and join the others by
`console`, `runs`, `serving` and `terminal`.  Imports point downwards only; a test holds the layers and this list.
Problems are values: a stage returns what it could make together with every `Diagnostic`, so one run reports all
mistakes by file, line and column.

One word for each thing:

=================  ====================================================================================================
source             a file we read; all of them at one moment are a *snapshot*
page               an authored page: home, section or page; its head is the *front matter*
dataset            an *extract* (the CSV as received) with its *sidecar*; columns, rows, cells, *provenance*
code list          a dataset of names with their other spellings, to which columns of other datasets refer
plain form         how an extract should be written; a departure from it that loses nothing is a *note*
printed total      a total that the paper prints; it stands in the sidecar and is recomputed from the rows
claim              what a sidecar declares that printed figures must fulfil: a printed total, or one of its ``checks``
check              one figure compared where a claim or a rating rule applies, with a *result* (agrees, differs …)
acknowledgement    a difference of the paper that its sidecar explains; without one, a difference is an error
rating             a published rating, severity or direction of travel, recomputed by a *rule* of the sidecar
edition            the rows of a dataset that one paper published; a page shows those of its ``paper``, or the newest
update             a new edition that waits for its *review*; each *matter* of it is mended, decided or only told
change             a published figure that changed, or an edition that was added, in the record ``content/changes.csv``
finding            a figure that disagrees though no sidecar says so: where a *guess* of the audit does not hold
typed figure       a number in prose that is bound to no cell; it is compared with the datasets, not believed
block              a fenced ``chart``, ``table``, ``ratings``, ``records``, ``figures``; a *value* is a figure in prose
figure             a chart or table with title, text alternative, notes, source and download
url, output        an address (``/spend/``) and the file behind it (``spend/index.html``)
template, context  a Jinja file and the one frozen dataclass that it is given
artifact           one planned output file with the digests of its labelled inputs
relation           what pages, figures, datasets and papers are to each other; of a page only its *outline* counts
fact               what may be read while something is made; it has a digest and notes who reads it
record             what the last build made, from which inputs, and why each file was made anew
diagnostic         an error, a warning or a note, with a code, a place, the line and a hint
memo, digest       what is remembered, and the name of its content
=================  ====================================================================================================
"""
