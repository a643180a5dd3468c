-- Stores content. What is pinned stays so; the rest lives on from now.
-- KEYS: content   ARGV: bytes, seconds
if redis.call('PTTL', KEYS[1]) == -1 then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
return 1
