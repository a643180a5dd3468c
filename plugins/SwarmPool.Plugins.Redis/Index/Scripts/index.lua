-- Writes what outsiders read: the state's CID, epochs' CIDs by their ids, and the list of those CIDs, the newest first.
-- KEYS: lease, state, history, each epoch's   ARGV: fence, the state's CID, each epoch's, the oldest first
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
for i = 4, #KEYS do
  if redis.call('SETNX', KEYS[i], ARGV[i - 1]) == 1 then redis.call('LPUSH', KEYS[3], ARGV[i - 1]) end
end
return 1
