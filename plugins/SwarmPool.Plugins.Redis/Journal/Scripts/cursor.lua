-- Remembers how far something got.
-- KEYS: lease, cursors   ARGV: fence, cursor, sequence
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence ~= ARGV[1] then return {'stale', fence or ''} end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return {'ok'}
