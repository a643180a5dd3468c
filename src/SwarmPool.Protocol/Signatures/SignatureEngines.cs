namespace SwarmPool.Protocol.Signatures;

/// <summary>The engines that this machine has. All give the same bytes; the native one is several times faster.</summary>
/// <remarks>Thread-safe. The native library is loaded and self-tested at first use.</remarks>
public static class SignatureEngines
{
    private static readonly Lazy<(NativeEngine? Engine, string Why)> Loaded = new(static () => (NativeEngine.TryLoad(out var why), why));

    /// <summary>The managed engine (NBitcoin.Secp256k1); always there.</summary>
    public static ISignatureEngine Managed { get; } = new ManagedEngine();

    /// <summary>libsecp256k1 (from the package Secp256k1.Net); null on a system that the package has none for, or when it failed its self-test.</summary>
    public static ISignatureEngine? Native => Loaded.Value.Engine;

    /// <summary>The native engine where there is one, else the managed one.</summary>
    public static ISignatureEngine Best => Native ?? Managed;

    /// <summary>Which engine is used, and why not the native one; one sentence for the log.</summary>
    public static string Description => Native is { } native
        ? $"Signatures by {native.Name}."
        : $"Signatures by {Managed.Name}, several times slower than libsecp256k1, because {Loaded.Value.Why}";
}
