-- Makes the stored chunks the newest snapshot; returns which one it replaces.
-- KEYS: lease, snapshot, chunks   ARGV: fence, id, number of chunks, format, sequence, hash, digest
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence ~= ARGV[1] then return {'stale', fence or ''} end
local before = redis.call('HGET', KEYS[2], 'id')
if before == ARGV[2] then return {'ok', ''} end -- Done before; the answer was lost.
if redis.call('HLEN', KEYS[3]) ~= tonumber(ARGV[3]) then return {'damaged', 'chunks of the snapshot are missing'} end
redis.call('PERSIST', KEYS[3])
redis.call('HSET', KEYS[2], 'id', ARGV[2], 'pieces', ARGV[3], 'format', ARGV[4], 'sequence', ARGV[5], 'hash', ARGV[6], 'digest', ARGV[7])
return {'ok', before or ''}
