-- Appends a batch as chunks, whole or not at all: everything that may be refused is looked at before the first write.
-- KEYS: head, lease, records
-- ARGV: fence, first sequence, previous hash, last sequence, last hash, 1 when asked again, then for each chunk:
--       its last sequence, how many values, the values
local fence = redis.call('HGET', KEYS[2], 'fence')
if fence ~= ARGV[1] then return {'stale', fence or ''} end
local sequence, hash = unpack(redis.call('HMGET', KEYS[1], 'sequence', 'hash'))
if not sequence then return {'damaged', 'its head is gone'} end
if ARGV[6] == '1' and sequence == ARGV[4] and hash == ARGV[5] then
  redis.call('HSET', KEYS[1], 'hash', hash) -- Taken before; the answer got lost. Written again, so that replicas can be waited for.
  return {'ok'}
end
if sequence + 1 ~= tonumber(ARGV[2]) or hash ~= ARGV[3] then return {'next', sequence} end

local at = 7
while ARGV[at] do
  local values = tonumber(ARGV[at + 1])
  redis.call('XADD', KEYS[3], ARGV[at] .. '-0', unpack(ARGV, at + 2, at + 1 + values))
  at = at + 2 + values
end
redis.call('HSET', KEYS[1], 'sequence', ARGV[4], 'hash', ARGV[5])
return {'ok'}
