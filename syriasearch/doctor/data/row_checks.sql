-- Checks of rows: each query finds the ids of articles with damage. The line above it has the repair,
-- and what the message says after the number of rows found.

-- names: mentions do not stand where they are said to
SELECT article_id FROM mentions JOIN paragraphs ON paragraphs.id = paragraph_id
WHERE substr(text, start + 1, length(surface)) IS NOT surface OR surface = ''
OR typeof(start) != 'integer';

-- names: mentions are of an entity that is not there
SELECT article_id FROM mentions CROSS JOIN paragraphs ON paragraphs.id = paragraph_id
WHERE entity_id NOT IN (SELECT id FROM entities);

-- sources: articles have paragraphs that are not next to each other
SELECT article_id FROM paragraphs
GROUP BY article_id
HAVING max(id) - min(id) != count(*) - 1 OR min(position) != 0 OR max(position) != count(*) - 1;

-- sources: articles have no paragraph
SELECT id FROM articles
WHERE NOT EXISTS (SELECT 1 FROM paragraphs WHERE article_id = articles.id);

-- sources: articles have a date that is none
SELECT id FROM articles
WHERE published IS NOT NULL AND (date(published) IS NOT published OR published < '0001');

-- sources: articles have a hash of their content that is none
SELECT id FROM articles
WHERE content_hash GLOB '*[^0-9a-f]*';

-- counts: articles have another title than their first paragraph
SELECT articles.id FROM articles JOIN paragraphs ON article_id = articles.id AND position = 0
WHERE text != title;

-- names: mentions were taken from an entity that is not there
SELECT article_id FROM mentions CROSS JOIN paragraphs ON paragraphs.id = paragraph_id
WHERE found_id NOT IN (SELECT id FROM entities);
