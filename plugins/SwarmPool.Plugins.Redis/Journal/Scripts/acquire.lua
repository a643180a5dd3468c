-- Takes the writer's lease, making the journal when there is none.
-- KEYS: head, fence, lease, records   ARGV: pool, format, owner, milliseconds, token
local pool, format, sequence = unpack(redis.call('HMGET', KEYS[1], 'pool', 'format', 'sequence'))
local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)
if not pool and (last[1] or redis.call('EXISTS', KEYS[2]) == 1) then return {'damaged', 'its head is gone'} end
if pool and pool ~= ARGV[1] then return {'other', pool} end
if pool and format ~= ARGV[2] then return {'format', format or 'none'} end
if pool and redis.call('EXISTS', KEYS[2]) == 0 then return {'damaged', 'its fence is gone'} end
if pool and (last[1] and last[1][1] or '0-0') ~= sequence .. '-0' then return {'damaged', 'its head is not its last record'} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[3], 'fence', 'owner', 'since', 'until', 'token')
if held[1] and held[5] == ARGV[5] then
  redis.call('HSET', KEYS[3], 'token', ARGV[5]) -- The answer got lost; it was asked again. Written again, so that replicas can be waited for.
  return {'taken', held[1]}
end
if held[1] and tonumber(held[4]) > now then return {'held', held[2], held[3]} end

if not pool then
  redis.call('HSET', KEYS[1], 'pool', ARGV[1], 'format', ARGV[2], 'sequence', 0, 'hash', string.rep('\0', 32))
end
local fence = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[3], 'fence', fence, 'owner', ARGV[3], 'since', now, 'until', now + ARGV[4], 'milliseconds', ARGV[4], 'token', ARGV[5])
return {'taken', tostring(fence)}
