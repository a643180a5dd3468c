-- The end of the journal. Deleting what is not there changes nothing, but a replica refuses it: what is read is the primary's.
-- KEYS: head
redis.call('HDEL', KEYS[1], '')
return redis.call('HMGET', KEYS[1], 'sequence', 'hash', 'format')
