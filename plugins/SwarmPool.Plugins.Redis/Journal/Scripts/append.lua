-- Appends a batch as chunks, whole or not at all: everything that may be refused is looked at before the first write. The head says all
-- that is to be looked at, in one value, since each further call of the server would be felt here.
-- The answer is 1, or what is refused and why.
-- KEYS: head, records
-- ARGV: the head before the batch, the head after it, 1 when asked again, then for each chunk:
--       its last sequence, how many values, the values
local head = redis.call('GET', KEYS[1])
if head ~= ARGV[1] then
  if not head then return {'damaged', 'its head is gone'} end
  local fence, sequence = string.match(head, '^(%d+) (%d+) ')
  if fence ~= string.match(ARGV[1], '^%d+') then return {'stale', fence} end
  if ARGV[3] ~= '1' or head ~= ARGV[2] then return {'next', sequence} end
  redis.call('SET', KEYS[1], head) -- Taken before; the answer got lost. Written again, so that replicas can be waited for.
  return 1
end

local at = 4
while ARGV[at] do
  local values = at + 1 + ARGV[at + 1]
  redis.call('XADD', KEYS[2], ARGV[at] .. '-0', unpack(ARGV, at + 2, values))
  at = values + 1
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
