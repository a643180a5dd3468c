namespace SwarmPool.Protocol.Signatures;

/// <summary>The engines that this machine has. All give the same bytes; the native one is several times faster.</summary>
/// <remarks>Thread-safe. The native library is looked for and self-tested at first use.</remarks>
public static class SignatureEngines
{
    private static readonly Lazy<(NativeEngine? Engine, string Why)> Found = new(static () => (NativeEngine.TryLoad(out var why), why));

    /// <summary>The managed engine; always there.</summary>
    public static ISignatureEngine BouncyCastle { get; } = new BouncyCastleEngine();

    /// <summary>libsecp256k1; null when the machine has none, or one that failed its self-test.</summary>
    public static ISignatureEngine? Native => Found.Value.Engine;

    /// <summary>The native engine where there is one, else the managed one.</summary>
    public static ISignatureEngine Best => Native ?? BouncyCastle;

    /// <summary>Which engine is used, and why not the native one; one sentence for the log.</summary>
    public static string Description => Native is { } native
        ? $"Signatures by {native.Name}."
        : $"Signatures by {BouncyCastle.Name}, because {Found.Value.Why}; install libsecp256k1 (with recovery) for several times the speed.";
}
