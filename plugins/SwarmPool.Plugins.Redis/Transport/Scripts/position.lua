-- Where a reader of a topic begins: so many milliseconds ago, or after what is there now.
-- KEYS: stream   ARGV: milliseconds
local milliseconds = tonumber(ARGV[1])
if milliseconds > 0 then
  local time = redis.call('TIME')
  return string.format('%.0f-0', math.max(0, time[1] * 1000 + math.floor(time[2] / 1000) - milliseconds))
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
return last[1] and last[1][1] or '0-0'
