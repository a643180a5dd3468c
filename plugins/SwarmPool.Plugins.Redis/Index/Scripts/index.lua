-- Writes what outsiders read: the state's CID, an epoch's CID by its id, and the epochs' CIDs, the newest first.
-- KEYS: lease, state, history, the epochs' own   ARGV: fence or '', state's CID or '', the epochs' CIDs
if ARGV[1] ~= '' and redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2]) end
for i = 4, #KEYS do
  local known = redis.call('GET', KEYS[i])
  redis.call('SET', KEYS[i], ARGV[i - 1])
  if not known then redis.call('LPUSH', KEYS[3], ARGV[i - 1]) end
end
return 1
