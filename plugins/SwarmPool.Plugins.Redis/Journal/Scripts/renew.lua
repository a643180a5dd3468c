-- Lets the lease live on, by the length that it was taken for.
-- KEYS: lease   ARGV: fence
local fence, length = unpack(redis.call('HMGET', KEYS[1], 'fence', 'milliseconds'))
if fence ~= ARGV[1] then return {'stale', fence or ''} end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'until', time[1] * 1000 + math.floor(time[2] / 1000) + length)
return {'ok'}
