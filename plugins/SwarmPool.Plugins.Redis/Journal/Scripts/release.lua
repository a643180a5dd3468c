-- Gives the lease back, if it is still this writer's.
-- KEYS: lease   ARGV: fence
if redis.call('HGET', KEYS[1], 'fence') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return {'ok'}
