-- Chunks of records, from the primary alone (see head.lua).
-- KEYS: format, records   ARGV: first id, last id, how many chunks
redis.call('HDEL', KEYS[1], '')
return redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
