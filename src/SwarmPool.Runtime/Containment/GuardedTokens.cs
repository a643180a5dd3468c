using SwarmPool.Inference;

namespace SwarmPool.Runtime.Containment;

/// <summary>A backend's token model behind the backend's gate. What computes has no limit here: it is the job's, which cancels it.</summary>
internal sealed class GuardedTokenModel(ITokenModel inner, PluginGate gate) : ITokenModel
{
    public TokenModelDescription Description { get; } = gate.Call(nameof(Description), inner, static m => m.Description);

    public ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken) =>
        gate.CallAsync(nameof(EncodeAsync), (inner, prompt), static (s, stop) => s.inner.EncodeAsync(s.prompt, stop), cancellationToken);

    public ReadOnlyMemory<byte> BytesOf(int token) => gate.Call(nameof(BytesOf), (inner, token), static s => s.inner.BytesOf(s.token));

    public async ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken) => new GuardedTokenSequence(
        await gate.CallAsync(nameof(BeginAsync), inner, static (m, stop) => m.BeginAsync(stop), cancellationToken, Timeout.InfiniteTimeSpan), gate);

    public IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, CancellationToken cancellationToken) =>
        gate.ReadAsync(nameof(ScoreAsync), (inner, prompt, given), static (s, stop) => s.inner.ScoreAsync(s.prompt, s.given, stop), cancellationToken);
}

/// <summary>A backend's sequence behind the backend's gate.</summary>
internal sealed class GuardedTokenSequence(ITokenSequence inner, PluginGate gate) : ITokenSequence
{
    public int Length => gate.Call(nameof(Length), inner, static s => s.Length);

    public ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken) => gate.CallAsync(
        nameof(AppendAsync), (inner, tokens), static (s, stop) => s.inner.AppendAsync(s.tokens, stop), cancellationToken, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync() => gate.EndAsync(nameof(ITokenSequence), inner);
}
