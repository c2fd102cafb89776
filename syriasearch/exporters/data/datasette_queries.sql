-- Canned queries for Datasette that come with an archive.
--
-- Each begins with its name and title; the other comment lines are its description, which Datasette
-- shows. A blank line ends it. A part is SQL that several queries contain: {entity} stands for the
-- part with that name.
--
-- A query is one SELECT with named parameters; an empty parameter narrows nothing, or finds nobody.
-- Queries with syria_search need the plugin, plain SQLite runs the others. All are bounded: a query
-- that would sort a million rows follows an index and stops instead.

-- part: entity
-- The ids of the entities with a slug, a name or another spelling.
asked as (
  select id from entities where slug = :entity
  union
  select id from entities where name = :entity collate nocase
  union
  select entity_id from aliases where alias = :entity collate nocase and entity_id is not null
)

-- part: paragraphs
-- The range of ids that an article's paragraphs have, which finds mentions without reading them.
-- Queries that use it name the index, and fix the order with CROSS JOIN: during an ingest, SQLite's
-- statistics are those of a smaller archive.
between (
    select id from paragraphs where article_id = a.id order by position limit 1
  ) and (
    select id from paragraphs where article_id = a.id order by position desc limit 1
  )

-- part: typed
-- The text that was typed, folded as far as people type it, without what FTS5 would read as syntax.
-- printf ends at a NUL, at which FTS5 would end too, but with an error.
trim(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(printf('%s', :q), '"', ' '), '''s', ' s'), '’s', ' s'), '''', ''), '’', ''),
    'أ', 'ا'), 'إ', 'ا'), 'آ', 'ا'), 'ى', 'ي'), 'ة', 'ه'), 'ؤ', 'ء'), 'ئ', 'ء'), '-', ' '))

-- query: ranked_search
-- title: Article search
-- The 50 best articles for a query, with the passage that answers best. All of the query language:
-- words, "phrases", -without, OR, source:, person:, after:2018-01. Names are found in any spelling.
-- Nothing typed lists the newest. Needs the plugin of syriasearch; where it is not installed, use
-- the one in plain SQL.
select
  json_extract(h.value, '$.rank') as rank,
  a.published,
  a.title,
  a.source,
  json_extract(h.value, '$.passage') as passage,
  json_extract(h.value, '$.named') as named,
  iif(json_extract(h.value, '$.partial'), 'some of it', '') as partial,
  a.slug,
  a.url
from json_each(syria_search(:q, 50)) as h
join articles as a on a.id = json_extract(h.value, '$.id')
order by h.key

-- query: search_in_plain_sql
-- title: Article search in plain SQL
-- The 50 best articles that have all words in one paragraph, by FTS5 alone: words as they are
-- typed, in no other form or spelling; what is found stands in [brackets], folded as it is indexed.
-- Of words that stand in more than 50,000 paragraphs those stored last are ranked. Any SQLite with
-- FTS5 answers it.
with words(typed) as (
  select {typed}
), asked(match) as (
  select '"' || replace(replace(replace(typed, ' ', '" "'), '"" ', ''), ' ""', '') || '"'
  from words
), found as materialized (
  select rowid as id, bm25(paragraphs_fts) as score
  from paragraphs_fts
  where paragraphs_fts match (select match from asked)
  order by rowid desc
  limit 50000
), best as materialized (
  select p.article_id, f.id, min(f.score) as score
  from (select id, score from found order by score limit 500) as f
  join paragraphs as p on p.id = f.id
  group by p.article_id
  order by 3
  limit 50
)
select
  a.published,
  a.title,
  a.source,
  (
    select snippet(paragraphs_fts, 0, '[', ']', '…', 40)
    from paragraphs_fts
    where paragraphs_fts match (select match from asked) and rowid = best.id
  ) as passage,
  a.slug,
  a.url
from best
join articles as a on a.id = best.article_id
order by best.score, a.published desc

-- query: mentions_of
-- title: Mentions of an entity
-- Where somebody or something is named, the latest articles first, at most 100 places. Type a slug
-- (bashar-al-jaafari), a name, or another spelling that the table aliases has. The name stands in
-- [brackets].
with {entity}
select
  a.published,
  a.title,
  a.source,
  e.name as entity,
  iif(m.start > 120, '…', '') || substr(p.text, max(m.start - 119, 1), min(m.start, 120))
    || '[' || m.surface || ']' || substr(p.text, m."end" + 1, 120)
    || iif(length(p.text) > m."end" + 120, '…', '') as passage,
  m.reason,
  e.slug as entity_slug,
  a.slug
from articles as a
cross join mentions as m indexed by mentions_entity on m.entity_id in (select id from asked)
  and m.paragraph_id {paragraphs}
cross join paragraphs as p on p.id = m.paragraph_id
cross join entities as e on e.id = m.entity_id
order by a.published desc, a.id, m.paragraph_id, m.start
limit 100

-- query: named_together
-- title: Two entities together
-- The articles that name both, the latest first, at most 100: how often each is named, and a
-- paragraph that has both where there is one. Type slugs, names, or other spellings.
with {entity}, others as (
  select id from entities where slug = :other
  union
  select id from entities where name = :other collate nocase
  union
  select entity_id from aliases where alias = :other collate nocase and entity_id is not null
),
counted as (
  select
    a.id, a.published, a.title, a.source, a.slug,
    (select count(*) from mentions as m indexed by mentions_entity
      where m.entity_id in (select id from asked) and m.paragraph_id {paragraphs}) as times,
    (select count(*) from mentions as m indexed by mentions_entity
      where m.entity_id in (select id from others) and m.paragraph_id {paragraphs}) as other_times
  from articles as a
  where times > 0 and other_times > 0
  order by a.published desc, a.id
  limit 100
)
select
  a.published,
  a.title,
  a.source,
  a.times,
  a.other_times,
  (
    select substr(p.text, 1, 400) || iif(length(p.text) > 400, '…', '')
    from mentions as m indexed by mentions_entity
    cross join mentions as o indexed by mentions_entity on o.paragraph_id = m.paragraph_id
      and o.entity_id in (select id from others)
    cross join paragraphs as p on p.id = m.paragraph_id
    where m.entity_id in (select id from asked)
      and m.paragraph_id {paragraphs}
    limit 1
  ) as passage,
  a.slug
from counted as a
order by a.published desc, a.id

-- query: articles_by_month
-- title: Articles by month
-- How many articles, words and sources each month has. A source narrows it; empty takes all. What
-- has no date is counted in the last row.
select
  substr(published, 1, 7) as month,
  count(*) as articles,
  sum(word_count) as words,
  count(distinct source) as sources
from articles
where :source = '' or source = :source collate nocase
group by month
order by month is null, month

-- query: sources_of_articles
-- title: Sources
-- Who published how much, from when to when, in which languages, and how much of it has no date.
select
  source,
  count(*) as articles,
  min(published) as earliest,
  max(published) as latest,
  sum(word_count) as words,
  group_concat(distinct lang) as languages,
  count(*) - count(published) as undated
from articles
group by source
order by articles desc, source

-- query: duplicate_articles
-- title: Duplicates
-- Articles that are a copy of another: the same text, or one with small edits.
select
  a.title,
  a.published,
  a.source,
  o.title as original_title,
  o.published as original_published,
  o.source as original_source,
  a.slug,
  o.slug as original_slug
from articles as a
join articles as o on o.id = a.duplicate_of
order by o.published desc, o.id, a.id
limit 1000

-- query: problems_of_ingest
-- title: Problems of ingest
-- What could not be read, or not understood, the latest run first: first what is missing because of
-- it.
select
  r.started_at as run,
  iif(p.lost, 'not ingested', 'note') as what,
  p.path,
  p.message
from ingest_problems as p
join ingest_runs as r on r.id = p.run_id
order by r.id desc, p.lost desc, p.id
limit 1000

-- query: corrections_in_order
-- title: Corrections
-- What a person said of entities, the latest first, and whether it was taken back.
select
  c.made_at,
  c.action,
  coalesce(e.name, c.entity) as entity,
  coalesce(o.name, c.other) as other,
  c.name as given_name,
  c.type,
  c.spellings,
  c.undone_at
from corrections as c
left join entities as e on e.slug = c.entity
left join entities as o on o.slug = c.other
order by c.id desc
limit 1000
