-- Stores a chunk of a snapshot. Until the snapshot is complete its chunks expire, so that an interrupted one leaves nothing.
-- KEYS: lease, chunks   ARGV: fence, number, chunk, seconds
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence ~= ARGV[1] then return {'stale', fence or ''} end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return {'ok'}
