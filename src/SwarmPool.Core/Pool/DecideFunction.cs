namespace SwarmPool.Core.Pool;

/// <summary>Decides one input: <see cref="PoolMachine.Decide"/> everywhere but where rules are tried out that are not the pool's.</summary>
/// <param name="state">The state so far; only read.</param>
/// <param name="input">What is to be decided.</param>
/// <param name="facts">What it is decided by. A proof without a verdict is a question: would it be refused whatever the verifier says?</param>
/// <param name="at">Unix milliseconds.</param>
internal delegate Decision DecideFunction(PoolState state, PoolInput input, PoolFacts facts, long at);
