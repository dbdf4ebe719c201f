-- SPDX-License-Identifier: MIT
-- The demo's balances, worked out a second time and in another way: set arithmetic over the raw invoice lines in PostgreSQL, from
-- the rules as they are written, sharing no code with the engine or the page. `raw` holds the CSV, `row` counting its lines in file order.

-- What the merchant promises (demo/program.json), and the instant T that is looked at.
CREATE TABLE rules AS
SELECT 100 AS pence_per_point, 14 AS return_window_days, 6 AS points_months, 12 AS growth_months,
       TIMESTAMP '2011-10-01 00:00' AS t;
CREATE TABLE levels (name text, threshold bigint);
INSERT INTO levels VALUES ('Member', 0), ('Bronze', 250), ('Silver', 750), ('Gold', 2000), ('Platinum', 6000), ('Diamond', 20000);

-- Each line is exactly one thing; the first reason that applies skips it.
CREATE TABLE line AS
SELECT row, invoice, code, quantity, date AT TIME ZONE 'Europe/London' AS said_at, date,
       replace(customer, '.0', '')::int AS customer,
       floor(price * 100 + 0.5)::bigint AS unit_pence,
       CASE
         WHEN invoice !~ '^C?[0-9]+$' THEN 'adjustment'
         WHEN customer IS NULL THEN 'guest'
         WHEN code !~ '^[0-9]{5}' THEN 'not-goods'
         WHEN invoice LIKE 'C%' AND quantity < 0 THEN 'cancellation'
         WHEN quantity <= 0 OR invoice LIKE 'C%' THEN 'bad-quantity'
         WHEN price <= 0 THEN 'bad-price'
         ELSE 'order'
       END AS what
FROM raw;

-- An invoice's instant is that of its first line that counts.
CREATE TABLE purchase AS
SELECT *, quantity * unit_pence AS paid,
       min(said_at) OVER invoice AS at, min(date) OVER invoice AS local_at,
       row_number() OVER (invoice ORDER BY row) - 1 AS line
FROM line WHERE what = 'order'
WINDOW invoice AS (PARTITION BY invoice);

CREATE TABLE cancellation AS
SELECT *, min(said_at) OVER (PARTITION BY invoice) AS at FROM line WHERE what = 'cancellation';

-- Units of a (customer, stock code) pair as half-open spans of positions: bought ones and cancelled ones. Where the spans overlap they match,
-- unless the purchase came later.
CREATE TABLE refunded AS
WITH bought AS (
  SELECT *, sum(quantity) OVER pair AS upto FROM purchase
  WINDOW pair AS (PARTITION BY customer, code ORDER BY at, row)
), cancelled AS (
  SELECT *, sum(-quantity) OVER pair AS upto FROM cancellation
  WINDOW pair AS (PARTITION BY customer, code ORDER BY at, row)
)
SELECT b.invoice, b.line, c.invoice AS refund, c.row AS cancellation_row, c.date AS local_at,
       least(b.upto, c.upto) - greatest(b.upto - b.quantity, c.upto + c.quantity) AS units
FROM bought b JOIN cancelled c USING (customer, code)
WHERE b.upto > c.upto + c.quantity AND c.upto > b.upto - b.quantity AND b.at <= c.at;

-- An order earns whole points on its total; its lines share them by largest remainder, ties to the first line.
CREATE TABLE share AS
WITH totals AS (
  SELECT *, sum(paid) OVER (PARTITION BY invoice) AS total FROM purchase
), quotas AS (
  SELECT t.*, div(total, pence_per_point) AS points,
         div(div(total, pence_per_point) * paid, greatest(total, 1)) AS base,
         mod(div(total, pence_per_point) * paid, greatest(total, 1)) AS remainder
  FROM totals t, rules
), ranked AS (
  SELECT *, points - sum(base) OVER (PARTITION BY invoice) AS left_over,
         row_number() OVER (PARTITION BY invoice ORDER BY remainder DESC, line) AS place
  FROM quotas
)
SELECT invoice, customer, line, quantity, points, local_at, base + (place <= left_over)::int AS line_points FROM ranked;

-- A line's points lie on its units, the first ones carrying one more where they do not divide; units go back from the first on.
CREATE TABLE lot AS
WITH back AS (
  SELECT invoice, line, sum(units) AS units FROM refunded, rules WHERE local_at <= t GROUP BY invoice, line
), taken AS (
  SELECT s.*, coalesce(b.units, 0) * div(line_points, quantity) + least(coalesce(b.units, 0), mod(line_points, quantity)) AS clawed_back
  FROM share s LEFT JOIN back b USING (invoice, line)
), per_order AS (
  SELECT invoice, customer, max(points) AS points, min(local_at) AS local_at, sum(clawed_back) AS clawed_back
  FROM taken GROUP BY invoice, customer
)
-- Held until the start of the day after the return window; points then live to the end of a month, growth to the day.
SELECT o.*, o.points - o.clawed_back AS rest,
       o.local_at::date + return_window_days + 1 AS active_from,
       (date_trunc('month', o.local_at::date + return_window_days + 1 + make_interval(months => points_months)) + interval '1 month')::date
         AS points_until,
       (o.local_at::date + return_window_days + 1 + make_interval(months => growth_months))::date AS growth_until
FROM per_order o, rules WHERE o.local_at <= t;

CREATE TABLE balance AS
WITH sums AS (
  SELECT customer,
         coalesce(sum(rest) FILTER (WHERE active_from <= t AND points_until > t), 0)::bigint AS active,
         coalesce(sum(rest) FILTER (WHERE active_from > t), 0)::bigint AS pending,
         coalesce(sum(rest) FILTER (WHERE points_until <= t), 0)::bigint AS expired,
         sum(clawed_back)::bigint AS clawed_back,
         0 AS debt, -- nobody spends in this history, so what is taken back is always there
         coalesce(sum(rest) FILTER (WHERE active_from <= t AND growth_until > t), 0)::bigint AS growth
  FROM lot, rules GROUP BY customer
)
SELECT s.*, (SELECT name FROM levels WHERE threshold <= growth ORDER BY threshold DESC LIMIT 1) AS level FROM sums s;
