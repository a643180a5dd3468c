-- Takes the writer's lease, making the journal when there is none.
-- KEYS: head, fence, lease, records, format   ARGV: pool, format, owner, milliseconds, token
local pool, format = unpack(redis.call('HMGET', KEYS[5], 'pool', 'format'))
local head = redis.call('GET', KEYS[1])
local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)
if not pool and (head or last[1] or redis.call('EXISTS', KEYS[2]) == 1) then return {'damaged', 'its format is gone'} end
if pool and pool ~= ARGV[1] then return {'other', pool} end
if pool and format ~= ARGV[2] then return {'format', format or 'none'} end
if pool and not head then return {'damaged', 'its head is gone'} end
if pool and redis.call('EXISTS', KEYS[2]) == 0 then return {'damaged', 'its fence is gone'} end
local place = head and string.match(head, '^%d+ (%d+ %x+)$') or '0 ' .. string.rep('0', 64)
if (last[1] and last[1][1] or '0-0') ~= string.match(place, '^%d+') .. '-0' then return {'damaged', 'its head is not its last record'} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[3], 'fence', 'owner', 'since', 'until', 'token')
if held[1] and held[5] == ARGV[5] then
  redis.call('HSET', KEYS[3], 'token', ARGV[5]) -- The answer got lost; it was asked again. Written again, so that replicas can be waited for.
  return {'taken', held[1]}
end
if held[1] and tonumber(held[4]) > now then return {'held', held[2], held[3]} end

if not pool then redis.call('HSET', KEYS[5], 'pool', ARGV[1], 'format', ARGV[2]) end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], fence .. ' ' .. place)
redis.call('HSET', KEYS[3], 'fence', fence, 'owner', ARGV[3], 'since', now, 'until', now + ARGV[4], 'milliseconds', ARGV[4], 'token', ARGV[5])
return {'taken', tostring(fence)}
