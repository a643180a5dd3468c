-- Adds a message to a topic's stream and signals that on its channel.
-- KEYS: stream   ARGV: channel, message, length of the stream, seconds that it lives without a message
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'message', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[1], '')
return 1
