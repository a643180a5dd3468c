-- The end of the journal. Deleting what is not there changes nothing, but a replica refuses it: what is read is the primary's.
-- KEYS: head, format
redis.call('HDEL', KEYS[2], '')
return {redis.call('GET', KEYS[1]), redis.call('HGET', KEYS[2], 'format')}
