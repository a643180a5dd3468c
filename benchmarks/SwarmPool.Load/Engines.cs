using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load;

/// <summary>The signature engines by the names that the command line gives them.</summary>
internal static class Engines
{
    public const string NativeName = "native";
    public const string ManagedName = "managed";

    /// <exception cref="InvalidOperationException">The machine does not have it.</exception>
    public static ISignatureEngine Of(string name) => name switch
    {
        NativeName => SignatureEngines.Native ?? throw new InvalidOperationException(SignatureEngines.Description),
        ManagedName => SignatureEngines.Managed,
        _ => throw new ArgumentException($"'{name}' is no engine; there are {NativeName} and {ManagedName}.", nameof(name)),
    };
}
