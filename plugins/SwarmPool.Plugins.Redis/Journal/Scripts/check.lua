-- Sees that the fence is the one that counts, at the primary (see head.lua).
-- KEYS: lease   ARGV: fence
redis.call('HDEL', KEYS[1], '')
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence ~= ARGV[1] then return {'stale', fence or ''} end
return {'ok'}
