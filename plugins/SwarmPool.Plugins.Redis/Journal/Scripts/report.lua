-- Remembers how far a standby is, and forgets those whose word is too old.
-- KEYS: followers   ARGV: owner, sequence, milliseconds
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  if tonumber(string.match(known[i + 1], '%d+$')) <= now then redis.call('HDEL', KEYS[1], known[i]) end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now) .. ' ' .. string.format('%.0f', now + ARGV[3]))
return {'ok'}
