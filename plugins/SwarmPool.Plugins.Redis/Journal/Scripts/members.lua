-- Who leads, and how far the standbys are: now, then fence, owner, since, until (or nothing four times), then the followers.
-- KEYS: lease, followers
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local lease = redis.call('HMGET', KEYS[1], 'fence', 'owner', 'since', 'until')
return {now, lease[1] or '', lease[2] or '', lease[3] or '', lease[4] or '', unpack(redis.call('HGETALL', KEYS[2]))}
