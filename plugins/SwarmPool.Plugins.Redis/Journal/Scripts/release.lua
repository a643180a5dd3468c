-- Gives the lease back, if it is still this writer's: then no fence may append.
-- KEYS: lease, head   ARGV: fence
if redis.call('HGET', KEYS[1], 'fence') == ARGV[1] then
  redis.call('DEL', KEYS[1])
  local head = redis.call('GET', KEYS[2])
  if head then redis.call('SET', KEYS[2], (string.gsub(head, '^%d+', '0'))) end
end
return {'ok'}
